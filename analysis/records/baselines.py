"""How often each detector fires on noise and on real series, and what its events come to: measured, stored, and shown.

`manage.py evaluate_detectors --write` measures and writes it: for each timeframe and scale, all other parameters at
their defaults. Intervals draw calendar quarters with all symbols in them, 1,000 times; of fewer than 20 events there
are none, nor a ratio.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("stored") / "baselines.json"
NULLS = ("blocks", "gaussian")
SERIES = (*NULLS, "real")
DAILY = "1d"


class Key(NamedTuple):
    """What a figure is of: a detector, the timeframe of the bars, and its scale ("" where it has none)."""

    name: str
    timeframe: str
    scale: str


@cache
def stored() -> dict[str, Any]:
    """Return what was measured: seed, series by timeframe, rates and truth; empty parts if the file is missing."""
    if not FILE.exists():
        return {"rates": [], "truth": [], "sources": {}, "measured": {}, "forming": {}}
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


@cache
def rows() -> Mapping[Key, Mapping[str, Any]]:
    """Return what was measured of each detector, timeframe and scale; of a detector its default scale first."""
    return {Key(*key): row for *key, row in stored()["rates"]}


@cache
def baseline(name: str) -> dict[str, Any] | None:
    """Return what was measured of a detector on daily bars at its default scale, and under `others` of all others.

    None where it was not measured.
    """
    mine = [key for key in rows() if key.name == name]
    usual = next((key for key in mine if key.timeframe == DAILY), None)
    if usual is None:
        return None
    forming = stored()["forming"].get(name)
    told = None if forming is None else dict(zip(("forming", "became"), forming, strict=True))
    others = [_shown(key) for key in mine if key != usual]
    return {"seed": stored()["seed"], **_shown(usual), "forming": told, "others": others}


@cache
def highest_rate(name: str, scale: str | None) -> float | None:
    """Return the most events per 1,000 bars that any series had at a scale (None: at any), of whatever timeframe.

    None where the detector was not measured at it.
    """
    mine = [key for key in rows() if key.name == name and scale in (None, key.scale)]
    return max((_shown(key)[series]["per_1000"] for key in mine for series in SERIES), default=None)


@cache
def noise_summary(name: str, timeframe: str, scale: str) -> dict[str, Any] | None:
    """Return what stands beside an event: its rates on noise and real series, real over noise, and outcomes.

    None where the detector was not measured at this timeframe and scale. The ratio is None where noise never has the
    event, and of fewer than 20 events.
    """
    key = Key(name, timeframe, scale)
    if key not in rows():
        return None
    one = _shown(key)
    outcomes = one["outcomes"]
    short = outcomes and {field: outcomes[field] for field in ("events", "target", "interval", "stop", "verdict")}
    if short:
        short |= {"noise": outcomes["noise"] and outcomes["noise"]["target"], "walk": outcomes["walk"]["target"]}
    return {
        "noise": one["blocks"]["per_1000"],
        "real": one["real"]["per_1000"],
        "ratio": one["ratio"],
        "interval": one["ratio_interval"],
        "verdict": one["verdict"],
        "events": one["real"]["events"],
        "timeframe": timeframe,
        "scale": scale or None,
        "outcomes": short,
    }


@cache
def bars_to_target(name: str, timeframe: str, scale: str) -> float | None:
    """Return the median of bars from confirmation to the first target, of the events that reached it."""
    outcomes = rows().get(Key(name, timeframe, scale), {}).get("outcomes")
    return outcomes and outcomes["bars_to_target"]


def forget() -> None:
    """Read what is stored again when it is next asked for."""
    for one in (stored, rows, baseline, highest_rate, noise_summary, bars_to_target):
        one.cache_clear()


def _shown(key: Key) -> dict[str, Any]:
    row, bars = rows()[key], stored()["measured"][key.timeframe]["bars"]
    shown: dict[str, Any] = {"timeframe": key.timeframe, "scale": key.scale or None}
    for series in SERIES:
        events, interval = row[series], row["intervals"].get(series)
        shown[series] = {
            "per_1000": three(1_000 * events / bars[series]),
            "interval": interval,
            "events": events,
            "bars": bars[series],
        }
    ratio = row.get("ratio", {"interval": None, "verdict": None})
    is_stated = "ratio" in row and shown["blocks"]["per_1000"]
    return {
        **shown,
        "ratio": three(shown["real"]["per_1000"] / shown["blocks"]["per_1000"]) if is_stated else None,
        "ratio_interval": ratio["interval"],
        "verdict": ratio["verdict"],
        "outcomes": row.get("outcomes"),
    }


def three(value: float) -> float:
    """Return a figure to three digits."""
    return float(f"{value:.3g}")
