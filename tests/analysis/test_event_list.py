"""All events of a run: the same ones in the same order as if they had been made at once."""

from collections import Counter

from analysis import Plan, run
from analysis.event_list import EventList
from analysis.events import Event
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS

PLAN = Plan.parse(["candlesticks", "harmonic", "chart_patterns", "fvg", "order_block", "bos", "choch"])


def event(name: str, at: int) -> Event:
    return Event(name=name, kind="k", side="neutral", score=1.0, bar=at, formed_at=at, confirmed_at=at)


def test_they_come_by_confirmation_and_by_name() -> None:
    late, early, same = event("b", 5), event("z", 1), event("a", 5)
    events = EventList([[late, early], [same]])
    assert list(events) == [early, same, late]
    assert events[0] is early
    assert events[1:] == [same, late]
    assert events == [early, same, late]
    assert events == EventList([[early], [late, same]])
    assert events != [early]


def test_their_number_and_names_are_known_without_making_them() -> None:
    events = run(PLAN, series.rough(800), now_ns=LATER_NS).events
    assert len(events) == len(list(events)) > 500
    assert events.names() == Counter(one.name for one in events)
    assert 0 not in events.names().values()


def test_the_last_bars_events_are_those_of_the_whole() -> None:
    bars = series.rough(800)
    whole, last = (run(PLAN, bars, now_ns=LATER_NS, output=one).events for one in ("all", 50))
    assert last == [one for one in whole if one.bar >= 750]


def test_an_open_bar_has_none() -> None:
    bars = series.rough(800)
    open_ = run(PLAN, bars, now_ns=int(bars.time[-1]) + 1).events
    assert open_ == run(PLAN, bars[:-1], now_ns=LATER_NS).events


def test_none_is_an_empty_list() -> None:
    assert EventList() == []
    assert not EventList()
