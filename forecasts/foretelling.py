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


def foretell(
    several: Sequence[Series], timeframe: str, horizons: Sequence[int] = (), most_reasons: int = 0
) -> Foretold:
    """Return what is said of these series of one timeframe, and of how far price goes in these numbers of bars.

    With `most_reasons` each prediction has as many of what moved the model most. Without a sound model chance is
    answered, and said so.
    """
    now, is_named = model_for(timeframe)
    asked = [Asked(one.bars, [event for event in one.events if family(event) != UNTOLD]) for one in several]
    began = time.perf_counter()
    told = predict(asked, now.model, now.reason, most_reasons=most_reasons)
    seconds = time.perf_counter() - began
    said = []
    for series, one, predictions in zip(several, asked, told, strict=True):
        over = series.bars.slice(0, len(series.bars) - series.is_open)
        events = {
            prediction.event: {
                **answers.of_event(prediction, event, family(event), series.bars, now.model),
                **({"reasons": answers.reasons_of(prediction)} if most_reasons else {}),
            }
            for event, prediction in zip(one.events, predictions, strict=True)
        }
        said.append({**answers.of_series(now.model, now.reason, over, horizons), "events": events})
    return Foretold(said, is_named, seconds)


def model_for(timeframe: str) -> tuple[Loaded, bool]:
    """Return the model that speaks of bars of this timeframe, or why none does; and whether the served one was read,
    which is what sources() names.
    """
    found = loaded()
    if found.model is not None and timeframe not in found.model.card["timeframes"]:
        return Loaded(None, OTHER_TIMEFRAME), True
    return found, found.model is not None


def family(event: Event) -> str:
    """Return the category of an event's pattern."""
    return ENTRIES[event.name].category if event.name in ENTRIES else ""
