"""Candlesticks: an arrow under or over the bar, one for all of a side, with their names."""

from charts.canvas import Canvas, Frame
from charts.description import Chart, Event
from charts.windows import position

MOST_TITLED = 200  # arrows that say their names when pointed at
MOST_LABELLED = 40
AWAY = 5.0  # pixels between the bar and its arrow
REACH = 80.0  # pixels between the arrow and its name, at most


def draw(canvas: Canvas, frame: Frame, chart: Chart) -> None:
    """Add an arrow for each bar and side; the newest have their names beside them where there is room."""
    groups: dict[tuple[int, str], list[str]] = {}
    for event in chart.candlesticks:
        name = str(event["name"]).replace("_", " ")
        groups.setdefault((_bar(chart, event), str(event["side"])), []).append(name)
    newest = sorted(groups.items(), key=lambda item: -item[0][0])
    plain: dict[str, list[str]] = {}
    for place, ((bar, side), names) in enumerate(newest):
        over = side == "bearish"
        x, edge = frame.x(bar), frame.y(float((chart.bars.high if over else chart.bars.low)[bar]))
        sign = -1 if over else 1
        y = edge + sign * AWAY
        steps = f"M{x:.1f} {y:.1f}l4 {sign * 7}h-8z"
        if place >= MOST_TITLED:
            plain.setdefault(side, []).append(steps)
            continue
        canvas.path(steps, side, title=", ".join(names))
        canvas.reserve(x - 4, min(y, y + sign * 7), 8, 7)
        if place < MOST_LABELLED:
            words = names[0] + (f" +{len(names) - 1}" if len(names) > 1 else "")
            end = y + sign * 5
            canvas.label(x, end, words, f"text-{side}", above=over, rank=5, size=9, reach=REACH)
    for side, all_steps in plain.items():
        canvas.path("".join(all_steps), side)


def _bar(chart: Chart, event: Event) -> int:
    return min(position(chart.bars, int(event["confirmed_at"])), len(chart.bars) - 1)
