"""Stored scans of the time when chart patterns were looked for at another scale."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from analysis.errors import PlanError
from analysis.patterns.sizes import SCALE
from analysis.plan import Plan
from scans.models import Scan

# The first migration of the release whose default is `classic`: what was made before it applied was made by 1.1.
SINCE = ("scans", "0002_benchmark")
MOST_NAMED = 3
HINT = "Say scale=swing for what is closest to before, or scale=classic."


def former_scale_check(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Return a warning for each scan that 1.1 made whose chart patterns are of the default scale, which is another."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        upgraded_at = _upgraded_at(alias)
        if upgraded_at is None:
            continue
        scans = Scan.objects.using(alias).filter(created_at__lt=upgraded_at).select_related("owner").order_by("pk")
        for scan in scans.iterator():
            names = _at_default_scale(scan.analyses)
            if names:
                more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
                said = f"{', '.join(names[:MOST_NAMED])}{more}"
                found.append(
                    Warning(
                        f"Scan {scan.name!r} of {scan.owner} looks for {said} at scale {SCALE.default} now: points 3 "
                        "ATR and 10 bars apart, no longer 6 and 22.",
                        hint=HINT,
                        id="scans.W002",
                    )
                )
    return found


def _upgraded_at(alias: str) -> datetime | None:
    """Return when the release with the other default came to this database; None before it has."""
    recorder = MigrationRecorder(connections[alias])
    if not recorder.has_table() or Scan._meta.db_table not in connections[alias].introspection.table_names():
        return None
    app, name = SINCE
    applied: datetime | None = (
        recorder.migration_qs.filter(app=app, name=name).values_list("applied", flat=True).first()
    )
    return applied


def _at_default_scale(analyses: Any) -> list[str]:
    """Return the chart patterns that are looked for without a word on their scale."""
    if not isinstance(analyses, list):
        return []
    try:
        plan = Plan.parse([one for one in analyses if not _says_scale(one)])
    except PlanError:
        return []  # another check tells what is wrong with it
    return [
        call.entry for call in plan.detectors if SCALE in call.spec.params and call.arguments["scale"] == SCALE.default
    ]


def _says_scale(analysis: Any) -> bool:
    params = analysis.get("params") if isinstance(analysis, Mapping) else None
    return SCALE.name in (params or ()) if isinstance(params, Mapping) else SCALE.name in str(analysis)
