"""What checks have found out about an entry: its certificate, and how often noise has it."""

from typing import Any

from analysis.baselines import baseline
from analysis.certificates import certificates
from analysis.spec import Entry


def described(entry: Entry) -> dict[str, Any]:
    """Return the entry for the catalogue, with its certificate and, for a detector, how often it fires."""
    one = certificates().get(entry.name)
    certificate = None if one is None else {name: value for name, value in one.items() if name != "source"}
    return {**entry.to_dict(), "certificate": certificate, "baseline": baseline(entry.name)}
