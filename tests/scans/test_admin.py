"""Scans and their schedules are edited in the admin."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from accounts.roles import OPERATORS, READERS
from jobs.models import Chunk, Job
from jobs.services.run_chunk import run_chunk
from scans.models import Scan, ScanRun
from scans.services.tick import start
from tests.scans.test_tick import NOW, make


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


def test_a_scan_is_run_now(admin_client: Client, broker, owner, walks) -> None:
    scan = make(owner)
    admin_client.post("/admin/scans/scan/", {"action": "run_now", "_selected_action": [scan.pk]})
    assert ScanRun.objects.get().job_id is not None
    assert admin_client.get("/admin/scans/scanrun/").status_code == 200


def test_a_run_by_hand_keeps_the_id_of_the_request_that_asked_for_it(
    admin_client: Client, broker, owner, walks
) -> None:
    scan = make(owner)
    ids = {"X-Request-Id": "from-the-page"}, {"X-Request-Id": "from-the-list"}
    admin_client.post(f"/admin/scans/scan/{scan.pk}/run/", headers=ids[0])
    chosen = {"action": "run_now", "_selected_action": [scan.pk]}
    admin_client.post("/admin/scans/scan/", chosen, headers=ids[1])
    jobs = Job.objects.order_by("pk").values_list("request_id", flat=True)
    assert list(jobs) == ["from-the-page", "from-the-list"]


def test_a_scan_that_could_not_run_is_refused_with_every_fault(admin_client: Client, owner, walks) -> None:
    scan = make(owner)
    changed = form(scan, universe="nope", timeframe="1x", analyses="rsi\nrsj")
    answer = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", changed)
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert {"universe", "timeframe", "analyses"} <= set(errors)
    assert "Line 2: " in errors["analyses"][0]
    page = answer.content.decode()
    assert "No universe" in page
    assert "nearest: " in page
    for text in ('{"rsi": 1}', "[1", "{", '{"name": "rsi"', "[" * 5_000):
        answer = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", form(scan, analyses=text))
        assert answer.status_code == 200
        assert "analyses" in answer.context["adminform"].form.errors
    scan.refresh_from_db()
    assert scan.analyses == ["rsi"]


ADD = "/admin/scans/scan/add/"


def new(owner, **changed: object) -> dict[str, object]:
    written = {"name": "mine", "owner": owner.pk, "universe": "walks", "timeframe": "1d", "enabled": "on"}
    return {**written, "analyses": "rsi\n\n  macd(12, 26, 9)\n" + '{"group": "trend"}', "when": "every hour", **changed}


def test_the_form_offers_what_there_is(admin_client: Client, admin_user, walks) -> None:
    page = admin_client.get(ADD).content.decode()
    assert "walks (6 symbols)" in page
    assert '<option value="macd">' in page
    assert "fast_period=12" in page
    assert f'<option value="{admin_user.pk}" selected>' in page


def test_a_scan_is_written_in_lines_and_its_schedule_in_one(admin_client: Client, admin_user, walks) -> None:
    answer = admin_client.post(ADD, new(admin_user))
    assert answer.status_code == 302, answer.context["errors"]
    scan = Scan.objects.get(name="mine")
    assert scan.analyses == ["rsi", "macd(12, 26, 9)", {"group": "trend"}]
    assert (scan.interval.every, scan.interval.period) == (1, "hours")
    assert scan.next_fire_at > timezone.now()
    page = admin_client.get(f"/admin/scans/scan/{scan.pk}/change/").content.decode()
    assert "every hour" in page
    weekdays = new(admin_user, when="30 21 * * 1-5 Europe/London", interval=scan.interval_id)
    answer = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", weekdays)
    assert answer.status_code == 302, answer.context["errors"]
    scan.refresh_from_db()
    assert scan.interval is None
    assert str(scan.crontab.timezone) == "Europe/London"
    assert "30 21 * * 1-5 Europe/London" in admin_client.get("/admin/scans/scan/").content.decode()


def test_what_is_saved_as_it_was_stays(admin_client: Client, admin_user, walks) -> None:
    admin_client.post(ADD, new(admin_user))
    scan = Scan.objects.get(name="mine")
    due = scan.next_fire_at
    again = new(
        admin_user, interval=scan.interval_id, next_fire_at_0=f"{due:%Y-%m-%d}", next_fire_at_1=f"{due:%H:%M:%S}"
    )
    assert admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", again).status_code == 302
    scan.refresh_from_db()
    assert scan.next_fire_at.replace(microsecond=0) == due.replace(microsecond=0)


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "every", "every 0 minutes", "every -1 hours", "every 99999999 hours", "* * * *", "61 * * * *"),
        *("0 0 * * * localtime", "0 0 * * * Factory", "0 0 * * * right/UTC", "0 0 * * * europe/london"),
        *("0 0 31 2 *", "* * * * * Mars/Base", "* * * * * ../../etc", "a b c d e", "<script>", "every minute x"),
    ],
)
def test_a_schedule_that_is_none_is_refused_in_its_line(admin_client: Client, admin_user, walks, text: str) -> None:
    answer = admin_client.post(ADD, new(admin_user, when=text))
    assert answer.status_code == 200
    assert "when" in answer.context["adminform"].form.errors
    assert not Scan.objects.exists()


def test_a_row_whose_zone_is_the_machines_is_refused(admin_client: Client, admin_user, walks) -> None:
    row = CrontabSchedule.objects.create(timezone="localtime")
    answer = admin_client.post(ADD, new(admin_user, when="", crontab=row.pk))
    assert "There is no time zone localtime" in answer.content.decode()
    assert not Scan.objects.exists()


def test_a_schedule_is_said_once(admin_client: Client, admin_user, walks) -> None:
    hourly = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    answer = admin_client.post(ADD, new(admin_user, interval=hourly.pk))
    assert "not both" in answer.content.decode()


def member(client: Client, *permissions: str) -> User:
    user = User.objects.create_user("member", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return user


def test_staff_make_scans_of_their_own_and_readers_read(client: Client, admin_user, owner, walks) -> None:
    scan = make(owner)
    me = member(client, "add_scan", "view_scan")
    assert client.post(ADD, new(owner)).status_code == 200
    assert client.post(ADD, new(me)).status_code == 302
    page = client.get(f"/admin/scans/scan/{scan.pk}/change/").content.decode()
    assert "Run now</button>" not in page
    assert client.post(f"/admin/scans/scan/{scan.pk}/run/").status_code == 403
    me.user_permissions.set(Permission.objects.filter(codename="view_scan"))
    assert client.get(f"/admin/scans/scan/{scan.pk}/change/").status_code == 200
    assert client.get(ADD).status_code == 403


def test_a_run_shows_what_its_job_answered(admin_client: Client, broker, owner, walks) -> None:
    scan = make(owner, analyses=["rsi", "macd"])
    assert "It has not run yet" in admin_client.get(f"/admin/scans/scan/{scan.pk}/change/").content.decode()
    assert admin_client.get(f"/admin/scans/scan/{scan.pk}/run/").status_code == 405
    path = admin_client.post(f"/admin/scans/scan/{scan.pk}/run/")["Location"]
    assert "queued: 0 of 6" in admin_client.get(path).content.decode()
    run = ScanRun.objects.get()
    for pk in Chunk.objects.filter(job=run.job_id).values_list("pk", flat=True):
        run_chunk(pk, clock=timezone.now)
    page = admin_client.get(path).content.decode()
    assert "succeeded: 6 of 6" in page
    assert "macd.histogram" in page
    assert page.count("<b>stale</b>, ends 2020-10-26") == 6, "the walks end there"
    assert f"chart.svg?symbol={walks[0]}" in page
    assert f"/admin/jobs/job/{run.job_id}/change/" in page
    assert "succeeded: 6 of 6" in admin_client.get("/admin/scans/scanrun/").content.decode()
    assert "succeeded: 6 of 6" in admin_client.get(f"/admin/scans/scan/{scan.pk}/change/").content.decode()


def test_a_run_whose_job_is_gone_or_never_was_says_so(admin_client: Client, owner, walks) -> None:
    scan = make(owner)
    runs = [
        ScanRun.objects.create(scan=scan, fire_at=timezone.now(), started_at=timezone.now(), job_id=uuid4()),
        ScanRun.objects.create(scan=scan, fire_at=NOW, started_at=NOW, error="<script>alert(1)</script>"),
    ]
    for run, text in zip(runs, ("There is no such job", "&lt;script&gt;alert(1)"), strict=True):
        page = admin_client.get(f"/admin/scans/scanrun/{run.pk}/change/").content.decode()
        assert text in page
        assert "<script>alert(1)" not in page
    assert admin_client.get("/admin/scans/scanrun/").status_code == 200
    for path in ("scan/999/change/", "scan/x/change/", "scanrun/999/change/", "scanrun/x/change/"):
        assert admin_client.get(f"/admin/scans/{path}").status_code == 302


def test_a_run_under_way_is_loaded_again_until_it_is_over(admin_client: Client, broker, owner, walks) -> None:
    run = start(make(owner), fire_at=NOW, now=NOW)
    page = f"/admin/scans/scanrun/{run.pk}/change/"
    assert "data-under-way" in admin_client.get(page).content.decode()
    for chunk in Chunk.objects.filter(job=run.job_id):
        run_chunk(chunk.pk, clock=timezone.now)
    assert "data-under-way" not in admin_client.get(page).content.decode()


def test_who_may_see_runs_and_no_jobs_sees_no_answer(client: Client, broker, owner, walks) -> None:
    scan = make(owner)
    run = start(scan, fire_at=NOW, now=NOW)
    member(client, "view_scanrun")
    assert "0 of 6" not in client.get(f"/admin/scans/scanrun/{run.pk}/change/").content.decode()


def test_a_benchmark_is_tried_before_it_is_kept(admin_client: Client, owner, walks) -> None:
    scan = make(owner, analyses=["beta"])
    address = f"/admin/scans/scan/{scan.pk}/change/"
    refused = admin_client.post(address, form(scan, analyses="beta", benchmark="NOPE"))
    assert "benchmark" in refused.context["adminform"].form.errors
    answer = admin_client.post(address, form(scan, analyses="beta", benchmark="W1"))
    assert answer.status_code == 302, answer.context["errors"]
    scan.refresh_from_db()
    assert scan.benchmark == "W1"


@pytest.mark.parametrize("role", ["superuser", OPERATORS])
def test_a_scan_that_ran_is_deleted_with_its_runs_and_without_its_jobs(
    client: Client, owner, walks, broker, role: str
) -> None:
    call_command("create_roles")
    staff = User.objects.create_user("staff", is_staff=True, is_superuser=role == "superuser")
    staff.groups.set(Group.objects.filter(name=role))
    client.force_login(staff)
    scan = make(owner)
    job = start(scan, fire_at=NOW, now=NOW).job_id
    page = f"/admin/scans/scan/{scan.pk}/delete/"
    assert "scan run" in client.get(page).content.decode().lower()
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert not Scan.objects.exists()
    assert not ScanRun.objects.exists()
    assert Job.objects.filter(pk=job).exists()


def test_who_only_reads_deletes_no_scan(client: Client, owner, walks) -> None:
    call_command("create_roles")
    staff = User.objects.create_user("staff", is_staff=True)
    staff.groups.set(Group.objects.filter(name=READERS))
    client.force_login(staff)
    assert client.post(f"/admin/scans/scan/{make(owner).pk}/delete/", {"post": "yes"}).status_code == 403
    assert Scan.objects.exists()


def test_a_scan_whose_schedule_never_fires_any_more_is_not_switched_on(admin_client: Client, owner, walks) -> None:
    crontab = CrontabSchedule.objects.create(minute="0", hour="0", day_of_month="31", month_of_year="2")
    scan = make(owner, enabled=False, interval=None, crontab=crontab, next_fire_at=None)
    rows = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": scan.pk,
        "form-0-enabled": "on",
        "_save": "Save",
    }
    answer = admin_client.post("/admin/scans/scan/", rows, follow=True)
    assert "stays off, it never fires" in answer.content.decode()
    assert not Scan.objects.get().enabled


@pytest.mark.parametrize("number", ["9" * 26, "9" * 5_000])
def test_a_scan_of_an_impossible_number_is_not_there(admin_client: Client, number: str) -> None:
    assert admin_client.get(f"/admin/scans/scan/{number}/change/").status_code in (302, 404)
