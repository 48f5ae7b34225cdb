"""What the served models say as columns of a series, for conditions: `double_bottom and pattern_outcome.p_target > .5`.

A column of `pattern_outcome` or `candlestick_outcome` has a value on the bars on which an event of theirs is confirmed,
one of `expected_range` on every bar that is over; on all others they are unknown. Unknown, too, is what the model has
seen the outcome of, and everything where chance would be answered for want of a sound model: a condition could not tell
it from what a model says.
"""

import time
from collections.abc import Collection
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from analysis.arrays import Floats
from analysis.language.handed import asked_of
from forecasts.foretelling import Series, model_for
from forecasts.served import EXPECTED_RANGE, PATTERN_OUTCOME
from ml.artifact import Model
from ml.family import FAMILIES, Family, family_of
from ml.predict import Asked, predict, usable_from
from ml.prediction import Odds
from ml.ranges import range_columns

DEGRADED, IN_SAMPLE = "model_degraded", "in_sample"
Notes = list[dict[str, Any]]


class Handed(NamedTuple):
    """Columns by name, what there is to say of them, whether the model was what sources() names, and seconds."""

    columns: dict[str, Floats]
    notes: Notes
    as_named: bool
    seconds: float


def columns_of(series: Series, timeframe: str, names: Collection[str]) -> Handed:
    """Return these columns of a series, `pattern_outcome.p_target` and its like; of several events on a bar the best
    score's.
    """
    began = time.perf_counter()
    columns = {name: np.full(len(series.bars), np.nan) for name in names}
    notes: Notes = []
    as_named = True
    by_model: dict[str, set[str]] = {}
    for word in {asked_of(name)[0] for name in names}:
        by_model.setdefault(word if word in FAMILIES else PATTERN_OUTCOME, set()).add(word)
    for name in sorted(by_model, reverse=True):
        words = by_model[name]
        found, is_named = model_for(timeframe, name)
        as_named = as_named and is_named
        if found.model is None:
            verb = "is" if len(words) == 1 else "are"
            detail = f"No model speaks here ({found.reason}): {' and '.join(sorted(words))} {verb} unknown."
            notes.append({"code": DEGRADED, "detail": detail})
            continue
        if name in words:
            notes += _fill_in_outcomes(columns, series, found.model, FAMILIES[name])
        if EXPECTED_RANGE in words:
            notes += _fill_in_ranges(columns, series, found.model)
    return Handed(columns, notes, as_named, time.perf_counter() - began)


def _fill_in_outcomes(columns: dict[str, Floats], series: Series, model: Model, family: Family) -> Notes:
    mine = {asked_of(name)[2]: column for name, column in columns.items() if asked_of(name)[0] == family.name}
    events = sorted(
        (event for event in series.events if family_of(event) is family), key=attrgetter("bar", "score", "name", "id")
    )
    (told,) = predict([Asked(series.bars, events)], model, family=family)
    for event, prediction in zip(events, told, strict=True):
        if prediction.odds is not None and not prediction.in_sample:
            for output, column in mine.items():
                column[event.bar] = _value(prediction.odds, output)
    return _notes(sum(one.in_sample for one in told), len(told), "events", model)


def _fill_in_ranges(columns: dict[str, Floats], series: Series, model: Model) -> Notes:
    bars = series.bars
    over = len(bars) - series.is_open
    seen = int(np.searchsorted(bars.time[:over], usable_from(model.card)))
    told: dict[int, dict[str, Floats]] = {}
    for name, column in columns.items():
        word, horizon, output = asked_of(name)
        if word == EXPECTED_RANGE:
            if horizon not in told:
                told[horizon] = range_columns(model.card, bars, horizon)
            column[seen:over] = told[horizon][output][seen:over]
    return _notes(seen, over, "bars", model)


def _value(odds: Odds, output: str) -> float:
    value: float = getattr(odds, output.removeprefix("p_"))
    return value


def _notes(seen: int, count: int, what: str, model: Model) -> Notes:
    if not seen:
        return []
    when = model.card["usable_from"]
    detail = f"{seen} of {count} {what} are of before {when}: the model has seen what became of such."
    return [{"code": IN_SAMPLE, "detail": detail}]
