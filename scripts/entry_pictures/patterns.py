"""The picture of a pattern: the bars around an event of its name, with its points, plan and name."""

import numpy as np

import charts
from analysis.catalog import registry
from analysis.events import Event
from charts.description import Lane
from charts.lanes import HEIGHT as LANE
from charts.layout import AXIS, GAP, NOTE, TOP
from scripts.entry_pictures.examples import Example, example, first_bar
from scripts.entry_pictures.indicators import PANE, without_volume

SMALL, WIDE = (320, 160.0), (520, 250.0)  # width and height of the price
AROUND_SMALL, AROUND = (8, 5), (12, 10)  # bars before and after


def picture(name: str) -> str:
    """Return the SVG of a pattern by its name."""
    return drawn(name, example(name))


def drawn(name: str, found: Example) -> str:
    """Return the SVG of this example."""
    entry = registry.get(name)
    bars, event = found
    is_small = entry.category == "candlesticks"
    before, after = AROUND_SMALL if is_small else AROUND
    begin, end = first_bar(event) - before, event.bar + after + 1
    made = charts.compose(
        bars if "volume" in entry.inputs else without_volume(bars),
        events=[event.to_dict()],
        last=end - begin,
        end_ms=int(bars.time[end]) // 1_000_000,
        title=bars.symbol,
    )
    made.notes = []
    if is_small:
        made.lanes = [_own_bars(event, begin, end)]
    width, price = SMALL if is_small else WIDE
    below = len(made.panes) * (PANE + GAP) + len(made.lanes) * LANE
    return charts.draw(made, width=width, height=round(TOP + price + below + AXIS + NOTE + 6))


def _own_bars(event: Event, begin: int, end: int) -> Lane:
    """Return marks under the bars that the candlestick is made of."""
    first = first_bar(event)
    values = np.zeros(end - begin)
    values[first - begin : event.bar - begin + 1] = 1.0
    return Lane("its bars", values, str(event.bar - first + 1), event.side)
