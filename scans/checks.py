"""Stored scans that a newer grammar no longer reads."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.db import connections

from analysis.errors import PlanError
from analysis.plan import Plan
from scans.models import Scan

RESERVED = "reserved_name"


def reserved_names_check(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Return a warning for each scan that calls an analysis what has become a word of the language; it cannot run."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if Scan._meta.db_table not in connections[alias].introspection.table_names():
            continue  # before the first migration
        for scan in Scan.objects.using(alias).select_related("owner").order_by("pk").iterator():
            found += [
                Warning(
                    f"Scan {scan.name!r} of {scan.owner}: {detail}", hint="Rename it in the admin.", id="scans.W001"
                )
                for detail in _reserved(scan.analyses)
            ]
    return found


def _reserved(analyses: Any) -> list[str]:
    try:
        Plan.parse(analyses if isinstance(analyses, list) else [])
    except PlanError as error:
        return [f"analyses{fault.pointer}: {fault.detail}" for fault in error.faults if fault.code == RESERVED]
    return []
