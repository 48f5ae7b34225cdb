"""A description in, a picture out: SVG with candles, columns, shapes, levels, names, targets and stops.

It follows the reader's light or dark scheme by itself and holds no script.
"""

from math import inf

import numpy as np

from analysis import Bars
from charts import axes, candles, candlesticks, lanes, shapes, studies
from charts.canvas import Canvas, Frame, text_of
from charts.description import Chart, Study
from charts.labels import Labels, cut
from charts.layout import AXIS, GAP, HEADING, LEFT, NOTE, NOTE_SIZE, TOP, WIDTH, Layout, lay_out
from charts.style import FONT, dark

# How far beyond the bars the price is shown, in parts of their range: for shapes, and for columns.
REACH_OF_SHAPES, REACH_OF_COLUMNS = 0.4, 0.15


def draw(chart: Chart, *, width: int = WIDTH, height: int | None = None) -> str:
    """Return an SVG of the chart; raise TooSmall for a height that does not have room for it."""
    layout = lay_out(chart, width, height)
    plot = (LEFT, HEADING, LEFT + layout.plot_width, TOP + layout.price)
    canvas = Canvas(layout.width, Labels(plot))
    low, high = price_range(chart)
    price = Frame(LEFT, TOP, layout.plot_width, layout.price, len(chart.bars), low, high)
    times = chart.bars.time // 1_000_000
    below = TOP + layout.price + len(chart.lanes) * lanes.HEIGHT
    foot = below + len(chart.panes) * (layout.pane + GAP)
    least = 0.0 if float(chart.bars.low.min()) >= 0 else -inf
    beside = float(chart.bars.close[-1])
    axes.values(canvas, price, lines=max(3, int(layout.price / 58)), least=least, beside=beside)
    axes.times(canvas, price, times, foot)
    candles.volume(canvas, price, chart.bars)
    bars = chart.bars
    candles.draw(canvas, price, bars.open, bars.high, bars.low, bars.close)
    studies.overlays(canvas, price, chart.overlays)
    for place, lane in enumerate(chart.lanes):
        lanes.draw(canvas, price, TOP + layout.price + place * lanes.HEIGHT, lane)
    frames = [
        studies.pane(canvas, price, below + GAP + place * (layout.pane + GAP), layout.pane, pane)
        for place, pane in enumerate(chart.panes)
    ]
    shapes.draw(canvas, price, chart, frames)
    candlesticks.draw(canvas, price, chart)
    candles.last_price(canvas, price, chart.bars)
    canvas.write_labels()
    _notes(canvas, layout, foot + AXIS)
    _heading(canvas, chart)
    return _whole(canvas, chart, layout)


def price_range(chart: Chart) -> tuple[float, float]:
    """Return the prices at the lower and upper edge: those of the bars, and what is drawn not far beyond them.

    What lies further out is cut off rather than let squeeze the candles.
    """
    bars = chart.bars
    low, high = float(bars.low.min()), float(bars.high.max())
    reach = high - low
    if reach <= abs(high) * 1e-9:
        reach = abs(high) * 0.02 or 1.0
        low, high = low - reach / 2, high + reach / 2
    wanted = [(price, REACH_OF_SHAPES) for event in chart.shapes for price in shapes.prices(event, len(chart.shapes))]
    wanted += [(price, REACH_OF_COLUMNS) for study in chart.overlays for price in _extremes(study)]
    near = [price for price, most in wanted if low - most * reach <= price <= high + most * reach]
    low, high = min([low, *near]), max([high, *near])
    reach = high - low
    return low - (0.2 if bars.volume is not None else 0.08) * reach, high + 0.1 * reach


def _extremes(study: Study) -> list[float]:
    known = [curve.values[np.isfinite(curve.values)] for curve in study.curves]
    return [float(edge) for column in known if len(column) for edge in (column.min(), column.max())]


def _notes(canvas: Canvas, layout: Layout, top: float) -> None:
    without = canvas.labels.left_out
    labels = [f"{without} label{'s' if without > 1 else ''} left out for want of room"] if without else []
    for place, line in enumerate([*layout.notes, *labels]):
        canvas.write(LEFT, top + 10 + place * NOTE, line, "text-soft", size=NOTE_SIZE)


def _heading(canvas: Canvas, chart: Chart) -> None:
    facts = f" · {_day(chart.bars)}" if canvas.width >= 480 else ""
    words = f"{chart.title} · {chart.bars.timeframe}" if chart.title else str(chart.bars.timeframe)
    room = canvas.width - LEFT - 8 - len(facts) * 11 * 0.62
    canvas.write(LEFT, 22, cut(words, 15, room), "text-title", size=15)
    if facts:
        canvas.write(canvas.width - 8, 22, facts.removeprefix(" · "), "text-soft", anchor="end")


def _day(bars: Bars) -> str:
    """Return the first and the last day."""
    first, last = (np.datetime_as_string(bars.time[place].astype("datetime64[ns]"), unit="D") for place in (0, -1))
    return f"{first} to {last}, {len(bars)} bars" if len(bars) > 1 else f"{first}, 1 bar"


def _whole(canvas: Canvas, chart: Chart, layout: Layout) -> str:
    names = ", ".join(sorted({str(one["name"]).replace("_", " ") for one in (*chart.shapes, *chart.candlesticks)}))
    height = layout.height if canvas.labels.left_out else layout.trimmed
    size = f'width="{layout.width:g}" height="{height:g}"'
    paper = f"<rect {canvas.look('paper')} {size}/>"
    about = f"{len(chart.bars)} bars of {chart.bars.timeframe}. {names}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width:g} {height:g}" {size} '
        f'role="img" class="gravity-chart" font-family="{FONT}"><title>{text_of(chart.title or "Bars")}</title>'
        f"<desc>{text_of(about)}</desc><style>{dark(canvas.looks)}</style>{paper}{canvas.text()}</svg>\n"
    )
