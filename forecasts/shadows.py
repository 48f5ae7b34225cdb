"""What a model says that answers nobody: it is asked of the events that go into the ledger, and kept there.

That is the one in shadow, and the served one while it has fallen back: else nobody could see it mend.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import structlog

from forecasts.answers import DIGITS
from forecasts.ledger import Due, Forecast, ToKeep
from forecasts.loading import asked_beside
from ml.artifact import Model
from ml.family import FAMILIES, Family, family_of
from ml.predict import Asked, predict
from ml.prediction import Prediction

log = structlog.get_logger(__name__)


class Beside(NamedTuple):
    """Rows of what was said beside an answer, and the seconds that it took; 0 where no model was asked."""

    rows: list[ToKeep]
    seconds: float


def to_keep(several: Sequence[Due], timeframe: str, now: datetime, families: Sequence[Family]) -> Beside:
    """Return what is said beside the answer of these events, of series of one timeframe, by models of the families
    that were asked.

    Whatever happens here, nothing happens to the answer: a shadow that fails is told in the log.
    """
    due = [one for one in several if one.events]
    rows: list[ToKeep] = []
    seconds = 0.0
    for model in [one for family in families for one in asked_beside(family.name)] if due else ():
        if timeframe not in model.card["timeframes"]:
            continue
        began = time.perf_counter()
        try:
            rows += _said(due, model, now)
        except Exception:
            log.exception("shadow_failed", model=model.name)
        seconds += time.perf_counter() - began
    return Beside(rows, seconds)


def _said(several: Sequence[Due], model: Model, now: datetime) -> list[ToKeep]:
    family = FAMILIES[model.card["name"]]
    due = [one._replace(events=[event for event in one.events if family_of(event) is family]) for one in several]
    told = predict([Asked(one.bars, one.events) for one in due], model, family=family)
    return [
        one.kept(event, odds, now)
        for one, predictions in zip(due, told, strict=True)
        for event, prediction in zip(one.events, predictions, strict=True)
        if (odds := _forecast(prediction, model)) is not None
    ]


def _forecast(told: Prediction, model: Model) -> Forecast | None:
    """Return what is said of an event, rounded as answers are, if it is out of sample and with a whole history."""
    if told.odds is None or told.chance is None or told.reason is not None or told.in_sample:
        return None
    odds = told.odds.target, told.odds.stop, told.chance.target, told.chance.stop
    return Forecast(model.name, model.sha256, *(round(one, DIGITS) for one in odds))
