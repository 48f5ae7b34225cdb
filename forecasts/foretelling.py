"""What the served model says of a chunk's series: one matrix, one call of the trees."""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from analysis import Bars
from analysis.catalog.registry import ENTRIES
from analysis.events import Event
from forecasts import answers
from forecasts.loading import Loaded, loaded
from ml.predict import Asked, predict

UNTOLD = "candlesticks"  # they have neither target nor stop, and would need a model of their own
OTHER_TIMEFRAME = "timeframe_not_measured"


class Series(NamedTuple):
    """A series whose last bar may still be open, and its events."""

    bars: Bars
    events: Sequence[Event]
    is_open: bool


class Foretold(NamedTuple):
    """For each series what is said of it, with its events by their id; `as_named` is False where the model was not
    what sources() names. Seconds are those of features and trees.
    """

    answers: list[dict[str, Any]]
    as_named: bool
    seconds: float


def foretell(several: Sequence[Series], timeframe: str) -> Foretold:
    """Return what is said of these series of one timeframe. Without a sound model chance is answered, and said so."""
    found = loaded()
    now = _for_timeframe(found, timeframe)
    asked = [Asked(one.bars, [event for event in one.events if _family(event) != UNTOLD]) for one in several]
    began = time.perf_counter()
    told = predict(asked, now.model, now.reason)
    seconds = time.perf_counter() - began
    said = []
    for series, one, predictions in zip(several, asked, told, strict=True):
        over = series.bars.slice(0, len(series.bars) - series.is_open)
        events = {
            prediction.event: answers.of_event(prediction, event, _family(event), series.bars, now.model)
            for event, prediction in zip(one.events, predictions, strict=True)
        }
        said.append({**answers.of_series(now.model, now.reason, over), "events": events})
    return Foretold(said, found.model is not None, seconds)


def _for_timeframe(found: Loaded, timeframe: str) -> Loaded:
    if found.model is not None and timeframe not in found.model.card["timeframes"]:
        return Loaded(None, OTHER_TIMEFRAME)
    return found


def _family(event: Event) -> str:
    return ENTRIES[event.name].category if event.name in ENTRIES else ""
