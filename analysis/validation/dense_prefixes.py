"""Every prefix of a long series: what a sample of cuts may miss in detectors that look far back.

An event that is there after one bar and gone four bars later is seen only by who looks after each of them.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import nlargest
from typing import Any

from analysis.bars import Bars
from analysis.catalog.entry import Entry
from analysis.catalog.registry import ENTRIES
from analysis.engine import run
from analysis.errors import InsufficientHistory
from analysis.events import Event
from analysis.plan import Plan
from analysis.validation.entry_checks import LATER_NS

PREFIXES = 3_200  # of each series
SERIES = 2  # the longest ones


def is_path_detector(entry: Entry) -> bool:
    """Return whether an entry is a pattern of turning points; a candlestick looks back over a few bars."""
    return entry.kind == "pattern" and entry.category != "candlesticks"


def first_changes(analyses: Sequence[Any], bars: Bars) -> dict[str, int]:
    """Return by name the first prefix of the bars after which an event of the whole run is another or is missing.

    Names whose events stay as they were at every bar are left out. All run together, since families share their work.
    """
    plan = Plan.parse(list(analyses))
    full = sorted(_events(plan, bars), key=_order)
    changed: dict[str, int] = {}
    for cut in range(1, len(bars)):
        known = [event.until(cut) for event in full if event.bar < cut]
        now = sorted(_events(plan, bars.slice(None, cut)), key=_order)
        if known != now:
            for name in _different(known, now):
                changed.setdefault(name, cut)
    return changed


def assert_no_event_changes(entry: Entry, several: Sequence[Bars]) -> int:
    """Return on how many prefixes of the longest series a detector kept its events; AssertionError if it did not."""
    prefixes = 0
    for bars in nlargest(SERIES, several, key=len):
        cut = _all_first_changes(bars).get(entry.name)
        if cut is not None:
            raise AssertionError(f"{entry.name}: events of {bars.symbol} change after bar {cut - 1}")
        prefixes += min(PREFIXES, len(bars)) - 1
    return prefixes


@lru_cache(maxsize=SERIES)
def _all_first_changes(bars: Bars) -> dict[str, int]:
    names = [entry.name for entry in ENTRIES.values() if is_path_detector(entry)]
    return first_changes(names, bars.slice(0, PREFIXES))


def _events(plan: Plan, bars: Bars) -> Sequence[Event]:
    try:
        return run(plan, bars, now_ns=LATER_NS).events
    except InsufficientHistory:
        return ()


def _order(event: Event) -> tuple[str, int, str]:
    return event.name, event.bar, event.id


def _different(known: Sequence[Event], now: Sequence[Event]) -> Iterator[str]:
    for name in {event.name for event in (*known, *now)}:
        if [event for event in known if event.name == name] != [event for event in now if event.name == name]:
            yield name
