"""Whether a model is told of events as it was when it was trained: a card keeps bars, and what was found on them.

A model is good for the rules by which events are found, for what target, stop and life are, and for what features are
computed with. A rule that was changed shows on the kept bars; another name or comment in the program does not.
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis import Bars
from analysis.events import Event
from analysis.outcomes import by_chance
from ml.arrays import Matrix
from ml.errors import ModelRefused
from ml.examples import events_of
from ml.family import FAMILIES, PATTERNS, Family
from ml.features import NAMES, matrix
from ml.golden_bars import draw, draw_candlesticks, packed, unpacked

EVERY = 4  # events, of which one has its features kept
CLOSE = 1e-8  # of a price, some five thousand ranges of a bar: on another processor sums are rounded otherwise
CLOSE_FEATURE = 1e-4  # ratios of differences magnify that
Row = list[Any]


def kept(family: Family = PATTERNS) -> dict[str, Any]:
    """Return for a card the bars, the events that are found on them, and what a model is told of some of these."""
    bars = draw() if family.states_prices else draw_candlesticks()
    events = events_of(bars, family.plans())
    told = _packed(_told(bars, events, family))
    return {"bars": packed(bars), "events": [_row(one, family) for one in events], "told": told}


def demand_current(card: Mapping[str, Any]) -> None:
    """Raise ModelRefused where events, or what is told of them, are others than when the model was trained."""
    golden = card["golden"]
    if "events" not in golden:
        raise ModelRefused("stale", "The card does not say by which rules the events were found: train again.")
    bars = unpacked(golden["bars"])
    family = FAMILIES[card["name"]]
    events = events_of(bars, family.plans())
    _hold_events([_row(one, family) for one in events], golden["events"])
    told, before = _told(bars, events, family), _unpacked(golden["told"])
    is_alike = np.isclose(told, before, rtol=CLOSE_FEATURE, atol=CLOSE_FEATURE, equal_nan=True)
    others = [NAMES[place] for place in np.flatnonzero(~is_alike.all(axis=0)).tolist()]
    if others:
        detail = f"Features are computed otherwise than when the model was trained: {', '.join(others)}."
        raise ModelRefused("stale", detail)


def _hold_events(now: Sequence[Row], before: Sequence[Row]) -> None:
    others: set[str] = set()
    found = {(row[0], row[2]): row for row in now}
    known = {(row[0], row[2]): row for row in before}
    for key in found.keys() | known.keys():
        if key not in found or key not in known or not _is_alike(found[key], known[key]):
            others.add(key[0])
    if others or len(now) != len(before):
        names = ", ".join(sorted(others))
        raise ModelRefused("stale", f"Events are found otherwise than when the model was trained: {names}.")


def _is_alike(one: Row, other: Row) -> bool:
    prices = np.array([[np.nan if price is None else price for price in row[4:]] for row in (one, other)], np.float64)
    return one[:4] == other[:4] and np.allclose(prices[0], prices[1], rtol=CLOSE, atol=0, equal_nan=True)


def _row(event: Event, family: Family) -> Row:
    """Return what a model's labels hang on: name, side, confirming bar, and life, target and stop where it has some."""
    if not family.states_prices:
        return [event.name, event.side, event.bar]
    target = float(event.targets[0]) if event.targets else None
    return [event.name, event.side, event.bar, event.life, target, None if event.stop is None else float(event.stop)]


def _told(bars: Bars, events: Sequence[Event], family: Family) -> Matrix:
    some = events[::EVERY]
    setups = family.setups(some, bars)
    return matrix(bars, some, setups, by_chance(setups, bars))


def _packed(rows: Matrix) -> str:
    return b64encode(zlib.compress(rows.astype("<f4").tobytes(), 9)).decode()


def _unpacked(text: str) -> Matrix:
    try:
        raw = zlib.decompress(b64decode(text, validate=True))
    except zlib.error as error:
        raise ValueError(f"This is no matrix: {error}.") from None
    return np.frombuffer(raw, "<f4").reshape(-1, len(NAMES))
