"""What an event would have come to for who acts on it: one definition for patterns' tables and for models.

Entry at the open after the confirming bar; the first target, the stop, and the event's own life as the horizon. Both
in one bar is the stop; a bar that opens beyond a price is filled at its open; time over is the last bar's close. An
event that failed by its own rule is measured on, for who entered is still in. What cannot be won or lost is counted
apart, by its reason.
"""

from collections.abc import Sequence
from enum import IntEnum
from math import nan
from typing import NamedTuple

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.bars import Bars
from analysis.events import Event
from analysis.kernels import barriers
from analysis.kernels.average_range import average_range
from analysis.kernels.jit import jit
from analysis.kernels.random_walk import bar_volatility, first_passage

VERSION = "1"  # of the definition: what was labelled under another one is not comparable
SIGNS = {"bullish": 1, "bearish": -1, "neutral": 0}
ATR_PERIOD = 14


class Outcome(IntEnum):
    """What became of a position, or why there was none. PENDING: the bars end before it does."""

    PENDING = barriers.PENDING
    TARGET = barriers.TARGET
    STOP = barriers.STOP
    TIMEOUT = barriers.TIMEOUT
    TARGET_PASSED = barriers.TARGET_PASSED
    STOP_PASSED = barriers.STOP_PASSED
    REACHED_BEFORE = 6  # the target, between the last point and the confirmation
    NO_TARGET = 7
    NO_STOP = 8
    NO_SIDE = 9


class Setups(NamedTuple):
    """What there would be to trade: a row per event. `known` is the confirming bar, `life` the bars from entry on.

    `to_target` and `to_stop` are the ways to both as far as they are known at confirmation: from the confirming close,
    or by the rule that sets them at the entry. `apart` is an Outcome where there is nothing to measure, else −1.
    """

    known: Ints
    life: Ints
    sides: Ints
    targets: Floats
    stops: Floats
    to_target: Floats
    to_stop: Floats
    apart: Ints


class Outcomes(NamedTuple):
    """What became of setups: how each ended, on which bar (−1: none), and the prices of entry and exit (NaN: none).

    `r` is the gain in units of what was risked, entry to stop, before costs.
    """

    ends: Ints
    bars: Ints
    entries: Floats
    exits: Floats
    r: Floats

    @property
    def is_measured(self) -> Bools:
        """Return which ended at the target, at the stop or in time."""
        return (self.ends >= Outcome.TARGET) & (self.ends <= Outcome.TIMEOUT)


def stated(events: Sequence[Event], bars: Bars) -> Setups:
    """Return the setups that the events themselves state."""
    known, sides = _known(events), _sides(events)
    targets = np.array([event.targets[0] if event.targets else nan for event in events], np.float64)
    stops = np.array([nan if event.stop is None else event.stop for event in events], np.float64)
    life = np.array([event.life or 0 for event in events], np.int64)
    close = bars.close[known]
    apart = np.array([_apart(event) for event in events], np.int64)
    return Setups(known, life, sides, targets, stops, (targets - close) * sides, (close - stops) * sides, apart)


def symmetric(events: Sequence[Event], bars: Bars, width: float = 2.0, life: int = 20) -> Setups:
    """Return setups with target and stop `width` ATR14 of the confirming bar from the entry: comparable among names."""
    known, sides = _known(events), _sides(events)
    reach = width * average_range(bars.high, bars.low, bars.close, ATR_PERIOD)[known]
    way, entries = sides * reach, _entries(bars, known)
    apart = np.where(sides == 0, Outcome.NO_SIDE, np.where(np.isnan(reach), Outcome.NO_TARGET, -1)).astype(np.int64)
    lives = np.full(len(known), life, np.int64)
    return Setups(known, lives, sides, entries + way, entries - way, reach, reach, apart)


def measured(setups: Setups, bars: Bars) -> Outcomes:
    """Return what became of the setups on these bars."""
    prices = bars.open, bars.high, bars.low, bars.close
    found = jit[barriers.first_touch](*prices, setups.known, setups.life, setups.sides, setups.targets, setups.stops)
    is_apart = setups.apart >= 0
    ends = np.where(is_apart, setups.apart, found[0])
    places, exits = np.where(is_apart, -1, found[1]), np.where(is_apart, nan, found[2])
    entries = _entries(bars, setups.known)
    risked = np.abs(entries - setups.stops)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (exits - entries) * setups.sides / risked
    return Outcomes(ends, places, entries, exits, r)


def by_chance(setups: Setups, bars: Bars) -> tuple[Floats, Floats]:
    """Return how likely a driftless walk meets target and stop first, by what is known at confirmation.

    NaN where there is nothing to measure, a price is passed already, or the volatility is not known yet.
    """
    volatility = bar_volatility(bars.open, bars.high, bars.low, bars.close)[setups.known]
    target = np.where(setups.apart >= 0, nan, setups.to_target)
    return first_passage(target, setups.to_stop, volatility**2 * setups.life)


def _known(events: Sequence[Event]) -> Ints:
    return np.array([event.bar for event in events], np.int64)


def _sides(events: Sequence[Event]) -> Ints:
    return np.array([SIGNS[event.side] for event in events], np.int64)


def _apart(event: Event) -> int:
    if event.side == "neutral":
        return Outcome.NO_SIDE
    if not event.targets:
        return Outcome.NO_TARGET
    if event.stop is None:
        return Outcome.NO_STOP
    return Outcome.REACHED_BEFORE if event.reached_before_confirmation else -1


def _entries(bars: Bars, known: Ints) -> Floats:
    """Return the open after each bar; NaN where the bars end."""
    after = np.minimum(known + 1, len(bars) - 1)
    return np.where(known + 1 < len(bars), bars.open[after], nan)
