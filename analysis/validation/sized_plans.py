"""The detectors of a group, asked for at one scale where they have one."""

from typing import Any

from analysis.catalog.registry import ENTRIES
from analysis.patterns.sizes import SCALE


def at_scale(group: str, scale: str) -> list[dict[str, Any]]:
    """Return an analysis for every detector of the group."""
    detectors = [entry for entry in ENTRIES.values() if entry.category == group and entry.kind == "pattern"]
    return [{"name": entry.name, "params": {"scale": scale} if SCALE in entry.params else {}} for entry in detectors]
