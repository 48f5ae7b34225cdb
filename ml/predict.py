"""Predictions of events, as pure functions: all series of a chunk become one matrix and one call of the trees.

Without a sound model chance is answered for itself, and `model_status` says `degraded`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Self

import numpy as np

from analysis import Bars
from analysis.arrays import Bools, Floats, Ints
from analysis.events import Event
from analysis.outcomes import by_chance
from ml.arrays import Matrix
from ml.artifact import Model
from ml.baselines import chance_margins, forecast
from ml.family import PATTERNS, Family, category_of
from ml.features import BARS_NEEDED, matrix
from ml.prediction import NO_LIFT, Odds, Prediction, Rate, reason_against
from ml.reasons import reasons
from ml.training import trees

COST = 0.001  # of the price, a side: ten basis points
DAY_NS = 86_400_000_000_000
OTHER_PATTERN = "pattern_not_measured"


class Asked(NamedTuple):
    """Events of one series, and the bars that they were found on."""

    bars: Bars
    events: Sequence[Event]


def predict(
    asked: Sequence[Asked],
    model: Model | None,
    why_degraded: str = "no_model",
    *,
    family: Family = PATTERNS,
    most_reasons: int = 0,
) -> list[list[Prediction]]:
    """Return a prediction per event of each series, in their order. `why_degraded` is told where there is no model.

    All events are of one family, and the model is that family's. Of patterns that it was not trained on chance is
    answered as well, and the reason is OTHER_PATTERN.
    With `most_reasons` each that a model made has as many of its features that moved it most.
    """
    events = [event for one in asked for event in one.events]
    if not events:
        return [[] for _ in asked]
    known = _Known.joined([_Known.of(one, family) for one in asked if one.events])
    blend = None if model is None else _blend(model, events, known)
    told, by_chance_alone = _forecast(model, blend, known), _forecast(None, None, known)
    is_measured = [category_of(event) in family.categories for event in events]
    found = [
        _answer(event, row, told, known, model, why_degraded)
        if is_its_own or model is None
        else _answer(event, row, by_chance_alone, known, None, OTHER_PATTERN)
        for row, (event, is_its_own) in enumerate(zip(events, is_measured, strict=True))
    ]
    if model is not None and blend is not None and most_reasons:
        rows = [row for row, one in enumerate(found) if one.odds is not None and one.reason is None]
        why = reasons(model.fit, blend[rows], known.features[rows], most_reasons)
        for row, because in zip(rows, why, strict=True):
            found[row] = replace(found[row], reasons=because)
    answers = iter(found)
    return [[next(answers) for _ in one.events] for one in asked]


def usable_from(card: Mapping[str, Any]) -> int:
    """Return the time (ns) from which on a model has seen nothing of what becomes of events."""
    return int(np.datetime64(card["usable_from"], "D").astype(np.int64)) * DAY_NS


class _Known(NamedTuple):
    """What is known of events at their confirmation, a row each; reward and cost (of both sides) in what is risked."""

    apart: Ints
    to_target: Floats
    to_stop: Floats
    reward: Floats
    cost: Floats
    chance: Floats
    features: Matrix
    has_history: Bools

    @classmethod
    def of(cls, asked: Asked, family: Family) -> Self:
        setups = family.setups(asked.events, asked.bars)
        chance = by_chance(setups, asked.bars)
        with np.errstate(divide="ignore", invalid="ignore"):
            reward, cost = setups.to_target / setups.to_stop, 2 * COST * asked.bars.close[setups.known] / setups.to_stop
        features = matrix(asked.bars, asked.events, setups, chance)
        ways = setups.to_target, setups.to_stop, reward, cost
        return cls(setups.apart, *ways, np.column_stack(chance), features, setups.known >= BARS_NEEDED)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _blend(model: Model, events: Sequence[Event], known: _Known) -> Floats:
    names, families = np.array([event.name for event in events]), np.array([category_of(event) for event in events])
    return model.fit.baseline.margins_of(names, families, known.chance)


def _forecast(model: Model | None, blend: Floats | None, known: _Known) -> Floats:
    if model is None or blend is None:
        return forecast(chance_margins(known.chance))
    added = trees(model.fit.booster, known.features) * model.fit.shrinkage
    return forecast(blend + added * known.has_history[:, np.newaxis])


def _answer(event: Event, row: int, told: Floats, known: _Known, model: Model | None, why_degraded: str) -> Prediction:
    chance = known.chance[row]
    reason = reason_against(int(known.apart[row]), float(known.to_target[row]), float(known.to_stop[row]), chance)
    odds = by_chance_alone = None
    if reason is None:
        odds, by_chance_alone = (
            Odds.of(float(one[0]), float(one[1]), float(known.reward[row]), float(known.cost[row]))
            for one in (told[row], chance)
        )
        reason = why_degraded if model is None else None if known.has_history[row] else "insufficient_history"
    stated_by: dict[str, Any] = {"rate": None, "in_sample": False, "lift_status": NO_LIFT, "model": None}
    if model is not None:
        group, of = model.fit.baseline.group(event.name, category_of(event))
        stated_by = {
            "rate": Rate(group.target, group.count, of),
            "in_sample": event.confirmed_at < usable_from(model.card),
            "lift_status": str(model.card["lift_status"]),
            "model": model.name,
        }
    return Prediction(
        event=event.id,
        odds=odds,
        chance=by_chance_alone,
        model_status="degraded" if model is None else "ready",
        reason=reason,
        **stated_by,
    )
