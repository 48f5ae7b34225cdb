"""Scans: look at them and their runs, and start one now. They are written in the admin."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.idempotency import refuse_key
from api.paging import NEWEST_ROW_FIRST, OLDEST_ROW_FIRST, PageQuery, page_of, page_serializer
from api.queries import read_query
from api.schema import documented
from api.views import Endpoint, caller, demand_right, request_id
from jobs import clock
from scans.models import Scan, ScanRun
from scans.selectors import find_scan, runs_of, visible_scans
from scans.services.tick import start


class NotRunnable(APIException):
    """The scan's request is no longer valid, as when its universe is gone."""

    status_code = 409
    default_code = "scan_not_runnable"


class ScanSerializer(serializers.Serializer[Any]):
    """What is looked for, where and when."""

    name = serializers.CharField()
    universe = serializers.CharField()
    timeframe = serializers.CharField()
    analyses = serializers.ListField(child=serializers.JSONField())
    benchmark = serializers.CharField(allow_null=True, help_text="The symbol of the second series.")
    schedule = serializers.CharField(help_text="For people.")
    enabled = serializers.BooleanField()
    next_fire_at = serializers.DateTimeField(allow_null=True)
    links = serializers.DictField(child=serializers.CharField())


class RunSerializer(serializers.Serializer[Any]):
    """One firing of a scan."""

    scan = serializers.CharField()
    fire_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField()
    job = serializers.CharField(allow_null=True, help_text="Where its job is.")
    error = serializers.CharField(allow_null=True, help_text="Why there is none.")


ScanPage = page_serializer("ScanPage", ScanSerializer)
RunPage = page_serializer("RunPage", RunSerializer)


def find(user: Any, name: str) -> Scan:
    """Return the scan of this name; raise NotFound if the user sees none."""
    scan = find_scan(user, name)
    if scan is None:
        raise NotFound("There is no such scan.", "unknown_scan")
    return scan


def represent(scan: Scan) -> dict[str, Any]:
    """Return a scan as it is answered."""
    return {
        "name": scan.name,
        "universe": scan.universe,
        "timeframe": scan.timeframe,
        "analyses": scan.analyses,
        "benchmark": scan.benchmark or None,
        "schedule": str(scan.crontab or scan.interval),
        "enabled": scan.enabled,
        "next_fire_at": scan.next_fire_at,
        "links": {
            "self": reverse("scan", [scan.name]),
            "runs": reverse("scan-runs", [scan.name]),
            "run": reverse("scan-run", [scan.name]),
        },
    }


def shown_run(run: ScanRun) -> dict[str, Any]:
    """Return a run as it is answered."""
    return {
        "scan": run.scan.name,
        "fire_at": run.fire_at,
        "started_at": run.started_at,
        "job": reverse("job", [run.job_id]) if run.job_id else None,
        "error": run.error or None,
    }


class Scans(Endpoint):
    """All scans of the caller."""

    @documented("List scans", parameters=[PageQuery], answers={200: ScanPage}, problems=(422,))
    def get(self, request: Request) -> Response:
        """Answer a page of scans."""
        query = read_query(PageQuery, request)
        return Response(page_of(visible_scans(caller(request)), query, OLDEST_ROW_FIRST, represent))


class ScanDetail(Endpoint):
    """One scan."""

    @documented("Read a scan", answers={200: ScanSerializer}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:
        """Answer the scan."""
        return Response(represent(find(caller(request), name)))


class ScanRuns(Endpoint):
    """The runs of one scan."""

    @documented("List a scan's runs", parameters=[PageQuery], answers={200: RunPage}, problems=(404, 422))
    def get(self, request: Request, name: str) -> Response:
        """Answer a page of runs, newest first."""
        query = read_query(PageQuery, request)
        runs = runs_of(find(caller(request), name))
        return Response(page_of(runs, query, NEWEST_ROW_FIRST, shown_run))


class ScanRunNow(Endpoint):
    """A run outside the schedule."""

    @documented("Run a scan now", answers={202: RunSerializer}, problems=(403, 404, 409))
    def post(self, request: Request, name: str) -> Response:
        """Start a run; its job is at the address in Location."""
        refuse_key(request)
        now = clock.now()
        scan = find(caller(request), name)
        demand_right(request, scan, "scans.change_scan")
        run = start(scan, fire_at=now, now=now, request_id=request_id(request))
        if run.error:
            raise NotRunnable(run.error)
        body = shown_run(run)
        return Response(body, status=202, headers={"Location": body["job"]})
