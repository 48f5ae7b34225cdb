"""Features know nothing of what comes after, of scale, date or symbol."""

from collections.abc import Sequence

import numpy as np
import pytest

from analysis import Bars
from analysis.bars import PRICES
from analysis.catalog.registry import ENTRIES
from analysis.events import Event
from analysis.language.call import Call
from analysis.language.part import each_once
from analysis.outcomes import by_chance, stated
from analysis.records.certificates import certified
from ml.arrays import Matrix
from ml.examples import events_of
from ml.family import PATTERNS
from ml.features import BARS_NEEDED, NAMES, OF_EVENT, WITH_DIRECTION, matrix, plan, version
from tests.analysis.shipped import demo

VOLUME = {"volume_balance_5", "volume_balance_20", "volume_z", "volume_5_60"}


def features(bars: Bars, events: Sequence[Event]) -> Matrix:
    setups = stated(events, bars)
    return matrix(bars, events, setups, by_chance(setups, bars))


def changed(bars: Bars, *, price: float = 1.0, volume: float | None = 1.0, days: int = 0) -> Bars:
    columns = {name: getattr(bars, name) * price for name in PRICES}
    scaled = None if volume is None or bars.volume is None else bars.volume * volume
    return Bars(time=bars.time + days * 86_400_000_000_000, **columns, volume=scaled, timeframe="1d", symbol="OTHER")


def spliced(bars: Bars, count: int, other: Bars) -> Bars:
    """Return the first bars, and then those of another symbol at their level."""
    level = bars.close[count - 1] / other.close[count - 1]
    columns = {
        name: np.concatenate((getattr(bars, name)[:count], getattr(other, name)[count:] * level)) for name in PRICES
    }
    volume = np.concatenate((bars.volume[:count], other.volume[count:])) if bars.volume is not None else None
    return Bars(time=bars.time, **columns, volume=volume, timeframe="1d")


@pytest.fixture(scope="module")
def events(spx: Bars) -> list[Event]:
    return [event for event in events_of(spx, PATTERNS.plans()) if event.bar >= BARS_NEEDED and event.targets]


def test_there_are_about_forty_each_named_once() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert 40 <= len(NAMES) <= 50


def test_every_entry_that_they_use_is_certified_to_be_point_in_time() -> None:
    parts = (part for item in plan().items for part in each_once(item.node))
    used = {part.spec.name for part in parts if isinstance(part, Call)}
    assert len(used) >= 10
    assert used <= certified() & set(ENTRIES)


def test_with_another_future_they_are_the_same_to_the_byte(spx: Bars, events: list[Event]) -> None:
    other = demo("IXIC", len(spx))
    whole = features(spx, events)
    for place in np.random.default_rng(5).choice(len(events), 20, replace=False):
        count = events[place].bar + 1
        assert features(spliced(spx, count, other), [events[place]]).tobytes() == whole[place].tobytes()
        assert features(spx[:count], [events[place]]).tobytes() == whole[place].tobytes()


def test_another_currency_date_and_symbol_change_nothing(spx: Bars) -> None:
    there = changed(spx, price=7.3, volume=11.0, days=900)
    rows = [events_of(bars, PATTERNS.plans()) for bars in (spx, there)]
    pairs = [
        (mine, theirs)
        for mine in rows[0]
        for theirs in rows[1]
        if (mine.name, mine.bar, mine.score, len(mine.points))
        == (theirs.name, theirs.bar, theirs.score, len(theirs.points))
        and mine.bar >= BARS_NEEDED
    ]
    assert len(pairs) > 50
    mine, theirs = (features(bars, [pair[place] for pair in pairs]) for place, bars in enumerate((spx, there)))
    assert mine == pytest.approx(theirs, rel=1e-3, abs=1e-4, nan_ok=True)


def test_those_with_a_direction_turn_with_the_side(spx: Bars, events: list[Event]) -> None:
    bearish = [Event.of_fields(**{**event.__dict__, "side": "bearish"}) for event in events if event.side == "bullish"]
    bullish = [event for event in events if event.side == "bullish"]
    count = len(WITH_DIRECTION)
    there, back = features(spx, bullish), features(spx, bearish)
    assert (there[:, :count] == -back[:, :count]).all()
    assert (there[:, count : -len(OF_EVENT)] == back[:, count : -len(OF_EVENT)]).all()


def test_without_volume_only_those_of_volume_are_unknown(spx: Bars, events: list[Event]) -> None:
    found = features(changed(spx, volume=None), events)
    unknown = {name for name, column in zip(NAMES, found.T, strict=True) if np.isnan(column).all()}
    assert unknown == VOLUME


def test_no_events_are_no_rows(spx: Bars) -> None:
    assert features(spx, []).shape == (0, len(NAMES))


def test_their_version_is_of_what_they_are() -> None:
    assert len(version()) == 16
