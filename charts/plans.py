"""What a pattern says to do: its name and status, when it was known, entry, targets and stop with their prices."""

from collections.abc import Sequence

from charts import axes
from charts.canvas import Canvas, Frame
from charts.description import Event, status_of
from charts.labels import Point, width_of

ARROWS = {"bullish": "▲", "bearish": "▼", "neutral": "◆"}
ZONE_BARS, PLAN_BARS = 12, 36
FEW = 3  # shapes that have room for the plans of those that are over


def of(event: Event, beside: int) -> list[tuple[str, float, str]]:
    """Return the prices of the plan by name and look; where many shapes are shown, of those that are open only."""
    if beside > FEW and status_of(event)[0] != "open":
        return []
    targets = [(f"target {n}", price, "target") for n, price in enumerate(event.get("targets") or (), start=1)]
    stop = [("stop", event.get("stop"), "stop")]
    entry = [("entry", event.get("entry_reference"), "entry")] if targets else []
    return [(name, float(price), css) for name, price, css in (*entry, *targets, *stop) if price is not None]


def draw(canvas: Canvas, frame: Frame, event: Event, at: int, spots: Sequence[Point], beside: int) -> None:
    """Add the zone where a reversal is expected, the entry, the targets and the stop, from the confirming bar on."""
    begin, end = frame.x(at), min(frame.right, frame.x(at + PLAN_BARS))
    begin = min(begin, frame.right - 60)
    zone = event.get("prz")
    if zone:
        left, right = spots[-1][0], frame.x(at + ZONE_BARS)
        low, high = frame.y(zone[0]), frame.y(zone[1])
        canvas.area([(left, high), (right, high), (right, low), (left, low)], "zone")
    for name, price, css in of(event, beside):
        words = f"{name} {axes.number(price, (frame.high - frame.low) / 400)}"
        if not frame.has(price):
            edge, arrow = (frame.top, "↑") if price > frame.high else (frame.bottom, "↓")
            x = end - width_of(words, 10) / 2 - 2
            canvas.label(x, edge, f"{words} {arrow}", "text-soft", above=arrow == "↓", rank=1, size=10)
        else:
            canvas.line([(begin, frame.y(price)), (end, frame.y(price))], css)
            x = end - width_of(words, 10) / 2 - 2
            canvas.label(x, frame.y(price), words, "text-soft", above=True, rank=1, size=10, reach=26)


def name(canvas: Canvas, frame: Frame, event: Event, at: int, spots: Sequence[Point]) -> None:
    """Add what it is, how strong, what became of it, and from when on it was known."""
    side, x = str(event["side"]), frame.x(at)
    heights = [min(max(y, frame.top), frame.bottom) for _, y in spots]
    above = side == "bearish"
    edge = min(heights) if above else max(heights)
    known = event.get("entry_reference")
    about = edge if known is None or not frame.has(float(known)) else frame.y(float(known))
    canvas.line([(x, max(frame.top, about - 70)), (x, min(frame.bottom, about + 70))], "known")
    level = (event.get("levels") or {}).get("level")
    price = "" if level is None else f" {axes.number(float(level), (frame.high - frame.low) / 400)}"
    words = f"{ARROWS[side]} {str(event['name']).replace('_', ' ')}{price} ({float(event['score']):.2f})"
    words += f" · {status_of(event)[0]}"
    # A level is named where it was known, any other shape at its tip.
    tip = x if event["kind"] == "levels" else (min if above else max)(spots, key=lambda spot: spot[1])[0]
    canvas.label(tip, edge, words, f"text-{side}", above=above, rank=0, reach=frame.height)
