"""How many of the patterns that were told as forming became events: asked after every bar, as who watches would."""

from collections import Counter
from collections.abc import Sequence

from analysis.bars import Bars
from analysis.catalog.registry import ENTRIES
from analysis.engine import run
from analysis.events import Event
from analysis.plan import Plan
from analysis.validation.ground_truth import LATER_NS

LAST = 300  # bars of each series
Shape = tuple[str, str, tuple[int, ...]]


def forming_shares(several: Sequence[Bars], last: int = LAST) -> dict[str, tuple[int, int]]:
    """Return by name how many different patterns were forming on the last n bars, and how many of them became events.

    What is still forming when the bars end counts as none.
    """
    plan = Plan.parse([entry.name for entry in ENTRIES.values() if entry.forming is not None])
    told: Counter[str] = Counter()
    became: Counter[str] = Counter()
    for bars in several:
        events = [_shape(event) for event in run(plan, bars, now_ns=LATER_NS).events]
        known = {(name, side, points[:n]) for name, side, points in events for n in range(3, len(points) + 1)}
        known |= set(events)
        for shape in _formed(plan, bars, last):
            told[shape[0]] += 1
            became[shape[0]] += shape in known
    return {name: (count, became[name]) for name, count in told.items()}


def _formed(plan: Plan, bars: Bars, last: int) -> set[Shape]:
    found: set[Shape] = set()
    for count in range(max(plan.warmup + 1, len(bars) - last), len(bars)):
        result = run(plan, bars.slice(0, count), now_ns=LATER_NS, output=1, forming=True)
        found |= {_shape(event) for event in result.forming or ()}
    return found


def _shape(event: Event) -> Shape:
    return event.name, event.side, tuple(point.time for point in event.points)
