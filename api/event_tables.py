"""Events as tables: one of the events themselves, and one for each part of them that has several rows.

A row of a part names its event by `symbol` and `id`, so that the tables can be joined.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "time", "count", "number"]
Row = tuple[Any, ...]
Shown = Mapping[str, Any]

EVENT: dict[str, Kind] = {
    **dict.fromkeys(("name", "kind", "side", "of"), "text"),
    **dict.fromkeys(("formed_at", "confirmed_at"), "time"),
    "score": "number",
    "bar": "count",
    **dict.fromkeys(("entry_reference", "remaining_to_target", "stop"), "number"),
    **dict.fromkeys(("entry", "reward_to_risk", "volume_ratio", "trend_before", "bars_to_target"), "number"),
    "same_as": "text",
}
POINT: dict[str, Kind] = {"label": "text", "bar": "count", "time": "time", "price": "number", "confirmed_at": "time"}
LEVEL: dict[str, Kind] = {"kind": "text", "name": "text", "price": "number"}
RATIO: dict[str, Kind] = {"name": "text", "ratio": "number", "error": "number"}
HAPPENED: dict[str, Kind] = {"status": "text", "bar": "count", "at": "time", "target": "count"}


@dataclass(frozen=True)
class EventTable:
    """A table: the kind of each column behind `symbol` and `id`, and the rows of an event as it is shown."""

    columns: Mapping[str, Kind]
    of_event: Callable[[Shown], Iterable[Row]]

    @property
    def kinds(self) -> dict[str, Kind]:
        """Return the kind of each column by its name."""
        return {"symbol": "text", "id": "text", **self.columns}

    def rows(self, answer: Shown) -> Iterator[Row]:
        """Yield the rows of an answer's events; times are milliseconds since 1970, None is what there is not."""
        for event in answer.get("events", ()):
            for row in self.of_event(event):
                yield answer["symbol"], event["id"], *row


def _whole(event: Shown) -> Iterator[Row]:
    yield tuple(_cell(event.get(name)) for name in EVENT)


def _cell(value: Any) -> Any:
    """Return a value as a cell has it: of a list its texts behind each other."""
    return " ".join(value) if isinstance(value, list) else value


def _each(part: str, columns: Iterable[str]) -> Callable[[Shown], Iterable[Row]]:
    """Return what makes a row of every entry that an event's part has."""
    return lambda event: (tuple(entry.get(name) for name in columns) for entry in event.get(part, ()))


def _prices(event: Shown) -> Iterator[Row]:
    """Yield the prices of an event: its levels by name, the ends of its reversal zone, and its targets by number."""
    for name, price in event.get("levels", {}).items():
        yield "level", name, price
    for name, price in zip(("low", "high"), event.get("prz") or (), strict=False):
        yield "prz", name, price
    for number, price in enumerate(event.get("targets", ()), 1):
        yield "target", str(number), price


def _ratios(event: Shown) -> Iterator[Row]:
    errors = event.get("errors", {})
    for name, ratio in event.get("ratios", {}).items():
        yield name, ratio, errors.get(name)


TABLES = {
    "events": EventTable(EVENT, _whole),
    "points": EventTable(POINT, _each("points", POINT)),
    "levels": EventTable(LEVEL, _prices),
    "ratios": EventTable(RATIO, _ratios),
    "history": EventTable(HAPPENED, _each("history", HAPPENED)),
}
