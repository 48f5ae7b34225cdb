"""Reads: scans as a user sees them."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case, Count, Min, OuterRef, QuerySet, Subquery, Value, When

from jobs.selectors import success_shares
from scans.models import Scan, ScanRun


def visible_scans(user: Any) -> "QuerySet[Scan]":
    """Return the scans this user may see: one's own, and for staff everyone's."""
    scans = Scan.objects.select_related("crontab", "interval", "owner")
    return scans if user.is_staff else scans.filter(owner=user.pk)


def find_scan(user: Any, name: str) -> Scan | None:
    """Return the scan of this name, one's own before another's, or None."""
    own_first = Case(When(owner=user.pk, then=Value(0)), default=Value(1))
    return visible_scans(user).filter(name=name).order_by(own_first, "pk").first()


def runs_of(scan: Scan) -> "QuerySet[ScanRun]":
    """Return the scan's runs, newest first."""
    return ScanRun.objects.filter(scan=scan).select_related("scan").order_by("-pk")


# The most scans that have a series of their own.
COVERAGE_SCANS = 200


def coverage() -> dict[tuple[str, str], float]:
    """Return for each enabled scan, by owner and name, the share of symbols that succeeded in its last run, if over."""
    last = ScanRun.objects.filter(scan=OuterRef("pk"), job_id__isnull=False).order_by("-fire_at").values("job_id")[:1]
    scans = Scan.objects.filter(enabled=True).annotate(job=Subquery(last)).filter(job__isnull=False).order_by("pk")
    rows = list(scans.values_list("owner_id", "name", "job")[:COVERAGE_SCANS])
    shares = success_shares([job for _, _, job in rows])
    return {(str(owner), name): shares[job] for owner, name, job in rows if job in shares}


# Of the newest runs, how many are looked at for those that have an error.
RUNS_LOOKED_AT = 200


class Outlook(NamedTuple):
    """How many scans are on, when the next one fires, and which of the newest runs could not start."""

    enabled: int
    next_fire_at: datetime | None
    failed: list[ScanRun]


def outlook() -> Outlook:
    """Return what is to come of all scans, and what went wrong lately."""
    scans = Scan.objects.filter(enabled=True).aggregate(n=Count("pk"), next=Min("next_fire_at"))
    newest = ScanRun.objects.select_related("scan").order_by("-pk")[:RUNS_LOOKED_AT]
    return Outlook(scans["n"], scans["next"], [run for run in newest if run.error][:5])
