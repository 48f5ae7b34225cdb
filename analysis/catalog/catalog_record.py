"""An entry as the catalogue shows it: what it says of itself, and what checks have found out about it."""

from typing import Any

from analysis.catalog.entry import Entry
from analysis.records.baselines import baseline
from analysis.records.certificates import certificate


def catalog_record(entry: Entry) -> dict[str, Any]:
    """Return the entry with its certificate and, for a detector, how often it fires."""
    found = certificate(entry.name)
    shown = None if found is None else {name: value for name, value in found.items() if name != "source"}
    return {**entry.to_dict(), "certificate": shown, "baseline": baseline(entry.name)}
