"""Reads: scans as a user sees them."""

from typing import Any

from django.db.models import Case, QuerySet, Value, When

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
