"""Certificates: an entry's point-in-time check on made series and on real ones that the caller hands over."""

from collections.abc import Mapping
from typing import Any

from analysis.bars import Bars
from analysis.catalog.entry import Entry
from analysis.catalog.source_hashes import source_hash
from analysis.engine import VERSION
from analysis.price_series import BY_SESSION
from analysis.records.certificates import Certificate
from analysis.validation import entry_checks, series
from analysis.validation.dense_prefixes import assert_no_event_changes, is_path_detector


def certify(entry: Entry, real: Mapping[str, Bars]) -> Certificate:
    """Return the certificate of an entry; AssertionError if a value changes when later bars arrive.

    `real` are whole series by name; the last bars of each are used, six hundred beyond the warm-up. Detectors of
    turning points are besides run on every prefix of the longest of them.
    """
    values, bars_checked, prefixes = entry.defaults(), 0, 0
    lead = entry.warmup(values)
    by_session = not BY_SESSION.isdisjoint(entry.inputs)
    used = {
        "random walk": series.walk(lead + 300),
        "random walk with gaps and still stretches": series.rough(lead + 300),
        "random walk in hours and sessions": series.intraday(lead + 300),
        **({"random walk in half hours and a table of sessions": series.exchange(lead + 900)} if by_session else {}),
        **{name: bars.slice(max(0, len(bars) - lead - 600), None) for name, bars in real.items()},
    }
    for place, bars in enumerate(used.values()):
        cuts = entry_checks.cuts(lead, len(bars), place, 8, 16)
        if entry.kind == "pattern":
            entry_checks.events_point_in_time(entry, bars, cuts)
        if entry.outputs:
            entry_checks.point_in_time(entry, bars, values, cuts)
        bars_checked += len(bars)
        prefixes += len(cuts)
    if is_path_detector(entry):
        prefixes += assert_no_event_changes(entry, list(real.values()))
    return {
        "point_in_time": True,
        "series": list(used),
        "bars": bars_checked,
        "prefixes": prefixes,
        **made_with(entry),
    }


def is_current(entry: Entry, found: Mapping[str, Any] | None) -> bool:
    """Return whether a certificate is of the entry as it is now."""
    return found is not None and {name: found.get(name) for name in made_with(entry)} == made_with(entry)


def made_with(entry: Entry) -> dict[str, str]:
    """Return what a certificate is good for: the engine's version and the hash of the entry's sources."""
    return {"engine": VERSION, "source": source_hash(entry)}
