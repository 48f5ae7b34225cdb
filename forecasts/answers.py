"""What is said of a series and of its events, as it is stored and answered."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from analysis import Bars
from analysis.events import Event
from forecasts.ranges import range_asked_for, range_of
from ml.artifact import Model
from ml.family import LIFE, WIDTH_ATR, Family, category_of
from ml.predict import COST
from ml.prediction import Odds, Prediction

HORIZON = 20  # bars, of the range that is told of a series whatever its events
DIGITS = 6


def of_series(model: Model | None, reason: str, bars: Bars, horizons: Sequence[int] = ()) -> dict[str, Any]:
    """Return what is said of a series: by which model, at what cost, and how far price goes in the next bars.

    `bars` are those that are over. `reason` is told where there is no model. `horizons` are those of the ranges that
    were asked for, each of which is answered, be it by chance.
    """
    card: Mapping[str, Any] = {} if model is None else model.card
    return {
        **_speaker(model, reason),
        "expected_range": range_of(card, bars, HORIZON),
        **({"expected_ranges": [range_asked_for(card, reason, bars, one) for one in horizons]} if horizons else {}),
    }


def of_family(model: Model | None, reason: str) -> dict[str, Any]:
    """Return by which model something is said of events that state no prices, and what they are won and lost by."""
    return {**_speaker(model, reason), "barriers": {"atr": WIDTH_ATR, "bars": LIFE}}


def _speaker(model: Model | None, reason: str) -> dict[str, Any]:
    card: Mapping[str, Any] = {} if model is None else model.card
    return {
        "model": None if model is None else model.name,
        "model_sha256": None if model is None else model.sha256,
        "model_status": "degraded" if model is None else "ready",
        "reason": reason or None,
        "usable_from": card.get("usable_from"),
        "lift_status": card.get("lift_status"),
        "cost": COST,
    }


def of_event(told: Prediction, event: Event, family: Family, bars: Bars, model: Model | None) -> dict[str, Any]:
    """Return what is said of an event; `bars` are those of its series."""
    card: Mapping[str, Any] = {} if model is None else model.card
    known = bars.slice(0, event.bar + 1)
    return {
        **_odds(told.odds),
        "random_walk": None if told.chance is None else _odds(told.chance),
        "base_rate": _rate(told, event, card),
        "in_sample": told.in_sample,
        "lift_status": told.lift_status,
        "model": told.model,
        "model_status": told.model_status,
        "reason": told.reason,
        "median_days": card.get("resolution_days", {}).get(category_of(event)),
        "expected_range": range_of(card, known, event.life) if event.life and family.states_prices else None,
    }


def reasons_of(told: Prediction) -> list[dict[str, Any]] | None:
    """Return why both heads say what they say; None where no model's trees spoke, for which there is a `reason`."""
    if told.reasons is None:
        return None
    return [
        {
            "head": head.head,
            "log_odds": round(head.log_odds, DIGITS),
            "share": head.share,
            "blend": round(head.blend, DIGITS),
            "mean": round(head.mean, DIGITS),
            "features": [
                {"feature": one.feature, "value": _number(one.value), "log_odds": round(one.log_odds, DIGITS)}
                for one in head.contributions
            ],
            "others": round(head.others, DIGITS),
        }
        for head in told.reasons
    ]


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if isfinite(value) else None


def _odds(odds: Odds | None) -> dict[str, float | None]:
    names = "p_target", "p_stop", "p_timeout", "expected_r"
    return dict.fromkeys(names) if odds is None else {n: round(v, DIGITS) for n, v in zip(names, odds, strict=True)}


def _rate(told: Prediction, event: Event, card: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how often such events met their target: what the model holds, and what was counted of name and side."""
    if told.rate is None:
        return None
    rows = card.get("base_rates", ())
    seen = next((row for row in rows if (row["name"], row["side"]) == (event.name, event.side)), None)
    return {
        "p_target": round(told.rate.target, DIGITS),
        "events": told.rate.events,
        "of": told.rate.of,
        "counted": None
        if seen is None
        else {
            "p_target": seen["target"],
            "events": seen["events"],
            "interval": seen["interval"],
            "random_walk": seen["chance"],
            "verdict": seen["verdict"],
        },
    }
