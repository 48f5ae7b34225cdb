"""What the entries were held against, as docs/indicators/oracles.json keeps it for the documentation."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Found = Mapping[str, Any]
Record = Mapping[str, list[Found]]
# Below this a difference is the machine's: its last digits are others on the next one.
LAST_DIGITS = 1e-9


class Asked(NamedTuple):
    """An entry, the source that it was to be held against, and the folder of that source."""

    entry: str
    source: str
    folder: str


def found(source: str, folder: str, is_independent: bool, largest: float, why: str) -> Found:
    """Return what is kept of a comparison; a largest difference has two digits, so that it changes seldom."""
    shown = float(f"{largest:.1e}")
    return {"source": source, "folder": folder, "independent": is_independent, "largest": shown, "why": why}


def merged(kept: Record, held: Iterable[tuple[str, Found]], unheld: Iterable[Asked], *, is_whole: bool) -> Record:
    """Return the record after a run that held these and could not hold those.

    What could not be held, for want of its folder, stays as it was kept. What nobody asked for stays too, unless the
    run was of all cases: then no case is left that says it. Of a difference that was and is in the last digits the
    figure stays, so that a record that another machine writes differs in nothing but what has changed.
    """
    record: dict[str, list[Found]] = defaultdict(list)
    for entry, one in held:
        record[entry].append(one)
    again = {Asked(entry, one["source"], one["folder"]) for entry, ones in record.items() for one in ones}
    waiting = set(unheld)
    for entry, ones in kept.items():
        record[entry] = _steady(ones, record[entry])
        for one in ones:
            asked = Asked(entry, one["source"], one.get("folder", ""))
            if asked not in again and (asked in waiting or not is_whole):
                record[entry].append(one)
    return {
        entry: sorted(record[entry], key=lambda one: (one["source"], one["largest"], one["folder"], one["why"]))
        for entry in sorted(record)
        if record[entry]
    }


def _steady(kept: Iterable[Found], new: Iterable[Found]) -> list[Found]:
    """Return the new comparisons, with the kept figure where both are of the last digits."""
    former: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for one in sorted(kept, key=_largest):
        if one["largest"] < LAST_DIGITS:
            former[_same(one)].append(one["largest"])
    steady = []
    for one in sorted(new, key=_largest):
        figures = former[_same(one)]
        is_small = one["largest"] < LAST_DIGITS and figures
        steady.append({**one, "largest": figures.pop(0)} if is_small else one)
    return steady


def _same(one: Found) -> tuple[Any, ...]:
    return one["source"], one.get("folder", ""), one["independent"], one["why"]


def _largest(one: Found) -> float:
    largest: float = one["largest"]
    return largest


def read(path: Path) -> Record:
    """Return the record of a file; nothing where there is none."""
    kept: Record = json.loads(path.read_text()) if path.exists() else {}
    return kept


def write(path: Path, record: Record) -> None:
    """Write the record to a file."""
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
