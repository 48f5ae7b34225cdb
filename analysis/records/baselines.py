"""How often each detector fires on noise and on real series: measured, stored, and shown beside every event.

`manage.py evaluate_detectors --write` measures and writes it. Rates are of the detectors at their defaults.
"""

import json
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("stored") / "baselines.json"
NULLS = ("blocks", "gaussian")
SERIES = (*NULLS, "real")


@cache
def stored() -> dict[str, Any]:
    """Return what was measured: seed, series, rates and truth by detector; empty parts if the file is missing."""
    if not FILE.exists():
        return {"rates": {}, "truth": [], "sources": {}, "bars": {}}
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


@cache
def baseline(name: str) -> dict[str, Any] | None:
    """Return a detector's events per 1,000 bars on both nulls and on real series, each with its 95 % interval.

    None where it was not measured.
    """
    counts = stored()["rates"].get(name)
    if counts is None:
        return None
    bars = stored()["bars"]
    shown: dict[str, Any] = {"timeframe": stored()["timeframe"], "seed": stored()["seed"]}
    for series in SERIES:
        low, high = poisson(counts[series])
        per = 1_000 / bars[series]
        shown[series] = {
            "per_1000": _three(counts[series] * per),
            "interval": [_three(low * per), _three(high * per)],
            "events": counts[series],
            "bars": bars[series],
        }
    return shown


@cache
def noise_summary(name: str) -> dict[str, float | None] | None:
    """Return what stands beside an event: its rate on noise, on real series, and real over noise (per 1,000 bars).

    The noise is the real series' own bars in another order. The ratio is None where noise never has the event.
    """
    one = baseline(name)
    if one is None:
        return None
    noise, real = one["blocks"]["per_1000"], one["real"]["per_1000"]
    return {"noise": noise, "real": real, "ratio": _three(real / noise) if noise else None}


def poisson(events: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % interval of a Poisson mean after n events, by Byar's approximation.

    Within 3 % of the exact one from three events on; an upper end of 3.69 for none. Source: Breslow & Day, Statistical
    Methods in Cancer Research II (1987), p. 69.
    """
    if events == 0:
        return 0.0, 3.689
    more = events + 1
    low = events * (1 - 1 / (9 * events) - z / (3 * sqrt(events))) ** 3
    high = more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3
    return max(0.0, low), high


def _three(value: float) -> float:
    return float(f"{value:.3g}")
