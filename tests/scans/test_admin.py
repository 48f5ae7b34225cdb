"""Scans and their schedules are edited in the admin."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from scans.models import Scan, ScanRun
from tests.scans.test_tick import make


def form(scan: Scan, **changed: object) -> dict[str, object]:
    fields = {
        "owner": scan.owner_id,
        "name": scan.name,
        "universe": scan.universe,
        "timeframe": scan.timeframe,
        "analyses": '["rsi"]',
        "interval": scan.interval_id,
        "enabled": "on",
        "next_fire_at_0": "2030-01-01",
        "next_fire_at_1": "00:00:00",
    }
    return {**fields, **changed}


def test_a_changed_schedule_counts_from_now(admin_client: Client, owner, walks) -> None:
    scan = make(owner, next_fire_at=timezone.now())
    hourly = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    answer = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", form(scan, interval=hourly.pk))
    assert answer.status_code == 302, answer.context["errors"]
    scan.refresh_from_db()
    assert scan.interval_id == hourly.pk
    assert timedelta(minutes=59) < scan.next_fire_at - timezone.now() <= timedelta(hours=1)


def test_a_scan_that_is_switched_on_again_waits_for_its_next_time(admin_client: Client, owner, walks) -> None:
    scan = make(owner, enabled=False, next_fire_at=timezone.now() - timedelta(days=90))
    fields = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": scan.pk, "form-0-enabled": "on"}
    admin_client.post("/admin/scans/scan/", {**fields, "_save": "Save"})
    scan.refresh_from_db()
    assert scan.enabled
    assert scan.next_fire_at > timezone.now()


def test_a_schedule_that_never_fires_is_refused_in_the_form(admin_client: Client, owner, walks) -> None:
    scan = make(owner)
    never = CrontabSchedule.objects.create(minute="0", hour="0", day_of_month="31", month_of_year="2")
    answer = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", form(scan, interval="", crontab=never.pk))
    assert answer.status_code == 200
    assert "This never fires" in answer.content.decode()


def test_a_scan_without_schedule_is_refused_in_the_form(admin_client: Client, owner, walks) -> None:
    scan = make(owner)
    answer = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", form(scan, interval=""))
    assert answer.status_code == 200
    assert "either a crontab or an interval" in answer.content.decode()


def test_a_scan_is_run_now(admin_client: Client, broker, owner, walks) -> None:
    scan = make(owner)
    admin_client.post("/admin/scans/scan/", {"action": "run_now", "_selected_action": [scan.pk]})
    assert ScanRun.objects.get().job_id is not None
    assert admin_client.get("/admin/scans/scanrun/").status_code == 200


def test_a_scan_that_could_not_run_is_refused_with_every_fault(admin_client: Client, owner, walks) -> None:
    scan = make(owner)
    changed = form(scan, universe="nope", timeframe="1x", analyses='["rsj"]')
    answer = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", changed)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "No universe" in page
    assert "1x" in page
    assert "nearest: " in page
    answer = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", form(scan, analyses='{"rsi": 1}'))
    assert "This is a list" in answer.content.decode()
