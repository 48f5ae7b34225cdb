"""What the served models say as columns of a series, for conditions: `double_bottom and pattern_outcome.p_target > .5`.

A column of `pattern_outcome` or `candlestick_outcome` has a value on the bars on which an event of theirs is confirmed,
one of `expected_range` on every bar that is over; on all others they are unknown. Unknown, too, is what the model has
seen the outcome of, and everything where chance would be answered for want of a sound model: a condition could not tell
it from what a model says.
"""

import time
from collections import Counter
from collections.abc import Collection, Mapping
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
# Why nothing is said of an event, as ml.prediction.reason_against() names it.
WITHOUT_ODDS = {
    "no_side": "have no side",
    "no_target": "state no target",
    "no_stop": "state no stop",
    "reached_before": "had reached their target before they were confirmed",
    "target_passed": "had passed their target when they were confirmed",
    "stop_passed": "had passed their stop when they were confirmed",
    "unknown_volatility": "stand where volatility is unknown",
}
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
    # Each event is counted once.
    silent = Counter(str(one.reason) for one in told if one.odds is None and not one.in_sample)
    return _notes(sum(one.in_sample for one in told), silent, len(told), "events", model)


def _fill_in_ranges(columns: dict[str, Floats], series: Series, model: Model) -> Notes:
    bars = series.bars
    over = len(bars) - series.is_open
    seen = int(np.searchsorted(bars.time[:over], usable_from(model.card)))
    silent: Counter[str] = Counter()
    told: dict[int, dict[str, Floats]] = {}
    for name, column in columns.items():
        word, horizon, output = asked_of(name)
        if word == EXPECTED_RANGE:
            if horizon not in told:
                told[horizon] = range_columns(model.card, bars, horizon)
            column[seen:over] = told[horizon][output][seen:over]
            silent["unknown_volatility"] = max(silent["unknown_volatility"], int(np.isnan(column[seen:over]).sum()))
    return _notes(seen, silent, over, "bars", model)


def _value(odds: Odds, output: str) -> float:
    value: float = getattr(odds, output.removeprefix("p_"))
    return value


def _notes(seen: int, silent: Mapping[str, int], count: int, what: str, model: Model) -> Notes:
    """Return how many the model has seen the outcome of, and of how many others nothing is said for which reason."""
    why = {
        IN_SAMPLE: f"are of before {model.card['usable_from']}: the model has seen what became of such",
        **{code: f"{said}: nothing is said of such" for code, said in WITHOUT_ODDS.items()},
    }
    counted = {IN_SAMPLE: seen, **silent}
    return [
        {"code": code, "count": counted[code], "detail": f"{counted[code]} of {count} {what} {said}."}
        for code, said in why.items()
        if counted.get(code)
    ]
