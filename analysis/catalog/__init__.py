"""The catalogue: what can be computed, what each entry says of itself, and what was found out about it."""

from analysis.catalog.entry import Entry
from analysis.catalog.registry import catalog, get, members, nearest

__all__ = ["Entry", "catalog", "get", "members", "nearest"]
