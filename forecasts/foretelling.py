"""What the served models say of a chunk's series: one matrix and one call of the trees for each family."""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from analysis import Bars
from analysis.events import Event
from forecasts import answers
from forecasts.loading import Loaded, loaded
from forecasts.served import PATTERN_OUTCOME
from ml.family import PATTERNS, Family, family_of
from ml.predict import Asked, predict

OTHER_TIMEFRAME = "timeframe_not_measured"


class Series(NamedTuple):
    """A series whose last bar may still be open, and its events."""

    bars: Bars
    events: Sequence[Event]
    is_open: bool


class Foretold(NamedTuple):
    """For each series what is said of it, with its events by their id, and under the `kind` of each family but patterns
    which model said it of those; `as_named` is False where a model was not what sources() names. Seconds are those of
    features and trees.
    """

    answers: list[dict[str, Any]]
    as_named: bool
    seconds: float


def foretell(
    several: Sequence[Series],
    timeframe: str,
    horizons: Sequence[int] = (),
    most_reasons: int = 0,
    families: Sequence[Family] = (PATTERNS,),
) -> Foretold:
    """Return what is said of these series of one timeframe, and of how far price goes in these numbers of bars; and of
    their events of these families.

    With `most_reasons` each prediction has as many of what moved the model most. Without a sound model chance is
    answered, and said so.
    """
    now, as_named = model_for(timeframe)
    bars_over = [one.bars.slice(0, len(one.bars) - one.is_open) for one in several]
    said: list[dict[str, Any]] = [
        {**answers.of_series(now.model, now.reason, over, horizons), "events": {}} for over in bars_over
    ]
    seconds = 0.0
    for family in families or (PATTERNS,):
        found, is_named = (now, as_named) if family is PATTERNS else model_for(timeframe, family.name)
        asked = [Asked(one.bars, [event for event in one.events if family_of(event) is family]) for one in several]
        began = time.perf_counter()
        told = predict(asked, found.model, found.reason, family=family, most_reasons=most_reasons)
        seconds += time.perf_counter() - began
        as_named = as_named and is_named
        for answer, one, predictions in zip(said, asked, told, strict=True):
            if family is not PATTERNS:
                answer[family.kind] = answers.of_family(found.model, found.reason)
            for event, prediction in zip(one.events, predictions, strict=True):
                answer["events"][prediction.event] = {
                    **answers.of_event(prediction, event, family, one.bars, found.model),
                    **({"reasons": answers.reasons_of(prediction)} if most_reasons else {}),
                }
    return Foretold(said, as_named, seconds)


def model_for(timeframe: str, name: str = PATTERN_OUTCOME) -> tuple[Loaded, bool]:
    """Return the model of a family that speaks of bars of this timeframe, or why none does; and whether the served one
    was read, which is what sources() names.
    """
    found = loaded(name)
    if found.model is not None and timeframe not in found.model.card["timeframes"]:
        return Loaded(None, OTHER_TIMEFRAME), True
    return found, found.model is not None
