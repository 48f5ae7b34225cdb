"""What the served model says as columns of a series, for conditions: `double_bottom and pattern_outcome.p_target > .5`.

A column has a value on the bars on which an event is confirmed, and is unknown on all others. Unknown, too, is what
the model has seen the outcome of, and everything where chance would be answered for want of a sound model: a condition
could not tell it from what a model says.
"""

import time
from collections.abc import Collection
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from analysis.arrays import Floats
from forecasts.foretelling import UNTOLD, Series, family, model_for
from forecasts.served import PATTERN_OUTCOME
from ml.predict import Asked, predict
from ml.prediction import Odds, Prediction

DEGRADED, IN_SAMPLE = "model_degraded", "in_sample"


class Handed(NamedTuple):
    """Columns by name, what there is to say of them, whether the model was what sources() names, and seconds."""

    columns: dict[str, Floats]
    notes: list[dict[str, Any]]
    as_named: bool
    seconds: float


def columns_of(series: Series, timeframe: str, names: Collection[str]) -> Handed:
    """Return these columns of a series, `pattern_outcome.p_target` and its like; of several events on a bar the best
    score's.
    """
    began = time.perf_counter()
    found, is_named = model_for(timeframe)
    columns = {name: np.full(len(series.bars), np.nan) for name in names}
    if found.model is None:
        detail = f"No model speaks here ({found.reason}): {PATTERN_OUTCOME} is unknown."
        return Handed(columns, [{"code": DEGRADED, "detail": detail}], is_named, time.perf_counter() - began)
    events = sorted(
        (event for event in series.events if family(event) != UNTOLD), key=attrgetter("bar", "score", "name", "id")
    )
    (told,) = predict([Asked(series.bars, events)], found.model)
    for event, prediction in zip(events, told, strict=True):
        if prediction.odds is not None and not prediction.in_sample:
            for name, column in columns.items():
                column[event.bar] = _value(prediction.odds, name)
    return Handed(columns, _notes(told, found.model.card["usable_from"]), is_named, time.perf_counter() - began)


def _value(odds: Odds, name: str) -> float:
    value: float = getattr(odds, name.rpartition(".")[2].removeprefix("p_"))
    return value


def _notes(told: list[Prediction], usable_from: str) -> list[dict[str, Any]]:
    seen = sum(one.in_sample for one in told)
    if not seen:
        return []
    detail = f"{seen} of {len(told)} events are of before {usable_from}: the model has seen what became of such."
    return [{"code": IN_SAMPLE, "detail": detail}]
