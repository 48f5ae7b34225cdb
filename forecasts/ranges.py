"""How far price goes in the next bars, as it is stored and answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import Bars
from ml.predict import usable_from
from ml.ranges import HORIZONS, QUANTILES, expected_range, walks_range

UNKNOWN = "unknown_volatility"


def range_of(card: Mapping[str, Any], bars: Bars, horizon: int) -> dict[str, Any] | None:
    """Return the range, and within each quantile the share that was measured on other symbols and later."""
    found = expected_range(card, bars, horizon) if card and len(bars) else None
    if found is None:
        return None
    return {
        "bars": horizon,
        "quantiles": card["ranges"]["quantiles"],
        **_prices(found),
        "coverage": _measured(card, horizon),
    }


def range_asked_for(card: Mapping[str, Any], reason: str, bars: Bars, horizon: int) -> dict[str, Any]:
    """Return the range that was asked for, beside that of a driftless walk; without a card the walk's is answered.

    `reason` is why there is no card. Where the volatility is not known yet there are no prices, and that is the reason.
    """
    walk = walks_range(bars, horizon) if len(bars) else None
    told = range_of(card, bars, horizon)
    if told is None:
        nothing = {"high": None, "low": None} if walk is None else _prices(walk)
        told = {"bars": horizon, "quantiles": list(QUANTILES), **nothing, "coverage": None}
    return {
        **told,
        "random_walk": None if walk is None else _prices(walk),
        "in_sample": bool(card and len(bars) and bars.time[-1] < usable_from(card)),
        "reason": UNKNOWN if walk is None else reason or None,
    }


def _measured(card: Mapping[str, Any], horizon: int) -> dict[str, list[float]]:
    nearest = min(range(len(HORIZONS)), key=lambda place: abs(HORIZONS[place] - horizon))
    measured: Mapping[str, Sequence[Sequence[float]]] = card["ranges"]["coverage"]
    return {
        "high": list(measured["up"][nearest]),
        # A low was measured by its depth: the deepest is the lowest price, and the first.
        "low": [round(1 - one, 4) for one in reversed(measured["down"][nearest])],
    }


def _prices(found: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Return prices with as many digits as they are known to; more would only look exact."""
    return {side: [float(f"{one:.6g}") for one in found[side]] for side in ("high", "low")}
