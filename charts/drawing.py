"""Bars and plain events in, a picture out: SVG with candles, points, legs, levels, names and targets.

It follows the reader's light or dark scheme by itself and holds no script.
"""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import numpy as np

from analysis import Bars
from analysis.arrays import Floats
from charts import axes, candles, lines, marks
from charts.canvas import Canvas, Frame
from charts.marks import Event
from charts.style import STYLE

WIDTH, PRICE_HEIGHT, PANE_HEIGHT = 960, 430, 110
LEFT, RIGHT, TOP, BOTTOM, GAP = 12, 76, 40, 26, 14
MAX_BARS = 600  # more cannot be told apart at this width
MAX_EVENTS = 24


def draw(
    bars: Bars,
    events: Sequence[Event] = (),
    *,
    overlays: Mapping[str, Floats] | None = None,
    panes: Mapping[str, Floats] | None = None,
    title: str = "",
) -> str:
    """Return an SVG of the bars with the events that lie wholly or partly in them.

    `overlays` are columns in the unit of the price, drawn over the candles, `panes` columns in units of their own, each
    in a strip below; both are as long as the bars. Of more than 600 bars the last are drawn, of more than 24 events the
    newest, and the picture says so. Raises ValueError for no bars at all.
    """
    if not len(bars):
        raise ValueError("There are no bars to draw.")
    begin = max(0, len(bars) - MAX_BARS)
    shown = bars.slice(begin, len(bars))
    times = shown.time // 1_000_000
    visible = [event for event in events if _is_visible(event, int(times[0]), int(times[-1]))]
    drawn = sorted(visible, key=lambda event: int(event["confirmed_at"]))[-MAX_EVENTS:]
    strips = {name: column[begin:] for name, column in (panes or {}).items()}
    over = {name: column[begin:] for name, column in (overlays or {}).items()}

    height = TOP + PRICE_HEIGHT + len(strips) * (PANE_HEIGHT + GAP) + BOTTOM
    canvas = Canvas()
    low, high = _range(shown, drawn, over)
    price = Frame(LEFT, TOP, WIDTH - LEFT - RIGHT, PRICE_HEIGHT, len(shown), low, high)
    axes.prices(canvas, price)
    bottom = height - BOTTOM
    axes.times(canvas, price, times, bottom)
    candles.draw(canvas, price, shown)
    lines.overlays(canvas, price, over)
    frames = [price]
    for place, (name, column) in enumerate(strips.items()):
        top = TOP + PRICE_HEIGHT + GAP + place * (PANE_HEIGHT + GAP)
        frames.append(lines.pane(canvas, price, top, PANE_HEIGHT, name, column))
    for event in drawn:
        marks.draw(canvas, price, event, times, strips, frames[1:])
    canvas.labels()
    left_out = f"{len(drawn)} of {len(visible)} patterns drawn" if len(drawn) < len(visible) else ""
    _heading(canvas, title or (bars.symbol or ""), str(bars.timeframe), left_out)
    names = ", ".join(sorted({str(event["name"]).replace("_", " ") for event in drawn}))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" class="gravity-chart"><title>{escape(title or bars.symbol or "Bars")}</title>'
        f"<desc>{len(shown)} bars of {escape(str(bars.timeframe))}. {escape(names)}</desc>"
        f'<style>{STYLE}</style><rect class="paper" width="{WIDTH}" height="{height}"/>{canvas.text()}</svg>\n'
    )


def _heading(canvas: Canvas, title: str, timeframe: str, left_out: str) -> None:
    canvas.write(LEFT, 24, f"{title} · {timeframe}" if title else timeframe, "title")
    if left_out:
        canvas.write(WIDTH - RIGHT, 24, left_out, "note end")


def _is_visible(event: Event, first: int, last: int) -> bool:
    begins = min([int(point["time"]) for point in event.get("points") or ()] or [int(event["formed_at"])])
    return begins <= last and int(event["confirmed_at"]) >= first


def _range(bars: Bars, events: Sequence[Event], overlays: Mapping[str, Floats]) -> tuple[float, float]:
    """Return the prices at the lower and upper edge: those of the bars, and what is drawn not far beyond them."""
    low, high = float(bars.low.min()), float(bars.high.max())
    reach = (high - low) or abs(high) * 0.01 or 1.0
    wanted = [float(price) for event in events for price in marks.prices(event)]
    for column in overlays.values():
        known = column[np.isfinite(column)]
        wanted += [float(known.min()), float(known.max())] if len(known) else []
    near = [price for price in wanted if low - 0.4 * reach <= price <= high + 0.4 * reach]
    low, high = min([low, *near]), max([high, *near])
    return low - 0.13 * reach, high + 0.11 * reach
