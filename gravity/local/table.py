"""The result of the demo job as a table that a person reads."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

HEADINGS = ("Symbol", "Last bar", "Close", "RSI", "MACD hist.", "ATR %", "Candlesticks of the last bars")
RIGHT = {2, 3, 4, 5}
MARKS = {"bullish": "▲", "bearish": "▼"}
HITS_SHOWN = 3


def render(items: Iterable[dict[str, Any]]) -> str:
    """Return the table with one line per symbol."""
    rows = [HEADINGS, *(row(item) for item in items)]
    widths = [max(len(each[column]) for each in rows) for column in range(len(HEADINGS))]
    lines = [_line(each, widths) for each in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def row(item: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of one symbol."""
    columns = item["columns"]
    last = datetime.fromtimestamp(item["time"][-1] / 1000, UTC) if item["time"] else None
    return (
        item["symbol"],
        f"{last:%Y-%m-%d}" if last else "–",
        number(columns.get("price"), 2),
        number(columns.get("rsi"), 1),
        number(columns.get("macd.histogram"), 3),
        number(columns.get("natr"), 2),
        candlesticks(item["events"], item["time"]),
    )


def number(column: Sequence[float | None] | None, digits: int) -> str:
    """Return a column's last value, or a dash where it is unknown."""
    value = column[-1] if column else None
    return "–" if value is None else f"{value:.{digits}f}"


def candlesticks(events: Iterable[dict[str, Any]], time: Sequence[int]) -> str:
    """Return the hits on the shown bars, latest and strongest first, with how many bars before the last one."""
    bars_ago = {moment: len(time) - 1 - index for index, moment in enumerate(time)}
    seen = sorted((bars_ago[event["confirmed_at"]], -event["score"], event["name"], event["side"]) for event in events)
    hits = [f"{MARKS.get(side, '·')} {name}{f' −{ago}' if ago else ''}" for ago, _, name, side in seen]
    more = [f"+{len(hits) - HITS_SHOWN} more"] if len(hits) > HITS_SHOWN else []
    return ", ".join([*hits[:HITS_SHOWN], *more]) or "none"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = (
        cell.rjust(width) if i in RIGHT else cell.ljust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(aligned).rstrip()
