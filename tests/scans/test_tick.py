import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.db.utils import IntegrityError
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from jobs.models import Chunk, Job
from jobs.services.run_chunk import run_chunk
from scans.models import Scan, ScanRun
from scans.services import tick as service
from scans.services.tick import tick
from scans.timing import next_fire

NOW = timezone.now().replace(microsecond=0)


def make(owner: AbstractUser, **fields: object) -> Scan:
    interval, _ = IntervalSchedule.objects.get_or_create(every=60, period=IntervalSchedule.SECONDS)
    values = {
        "name": "s",
        "universe": "walks",
        "analyses": ["rsi"],
        "interval": interval,
        "next_fire_at": NOW,
        **fields,
    }
    return Scan.objects.create(owner=owner, **values)


def test_a_due_scan_is_fired_once_and_becomes_a_job(broker, owner, walks) -> None:
    scan = make(owner)
    runs = tick(now=NOW)
    assert [run.scan_id for run in runs] == [scan.pk]
    assert runs[0].job_id is not None
    assert tick(now=NOW) == []
    assert tick(now=NOW + timedelta(seconds=59)) == []
    assert len(tick(now=NOW + timedelta(seconds=60))) == 1


def test_a_scan_hands_on_its_benchmark(broker, owner, walks) -> None:
    make(owner, analyses=["beta"], benchmark="W1")
    make(owner, name="without", analyses=["beta"])
    make(owner, name="gone", analyses=["beta"], benchmark="NOPE")
    runs = {run.scan.name: run for run in tick(now=NOW)}
    asked = {name: Job.objects.get(pk=run.job_id).request for name, run in runs.items() if run.job_id}
    assert asked["s"]["benchmark"] == "W1"
    assert "benchmark" not in asked["without"]
    assert runs["gone"].error.startswith("/benchmark: ")


def test_missed_times_are_not_made_up(broker, owner, walks) -> None:
    make(owner)
    tick(now=NOW)
    assert len(tick(now=NOW + timedelta(hours=5, seconds=10))) == 1
    assert Scan.objects.get().next_fire_at == NOW + timedelta(hours=5, seconds=60)


YEARLY = {"minute": "0", "hour": "0", "day_of_month": "1", "month_of_year": "1", "timezone": "UTC"}


def test_a_new_schedule_waits_for_its_first_time(broker, owner, walks) -> None:
    yearly = make(
        owner, name="yearly", interval=None, next_fire_at=None, crontab=CrontabSchedule.objects.create(**YEARLY)
    )
    minutely = make(owner, name="minutely", next_fire_at=None)
    assert tick(now=NOW) == []
    yearly.refresh_from_db()
    assert yearly.next_fire_at == NOW.replace(year=NOW.year + 1, month=1, day=1, hour=0, minute=0, second=0)
    assert [run.scan for run in tick(now=NOW + timedelta(seconds=60))] == [minutely]


def test_a_schedule_without_a_date_is_the_error_of_its_scan_and_the_others_fire(broker, owner, walks) -> None:
    never = CrontabSchedule.objects.create(**YEARLY | {"day_of_month": "31", "month_of_year": "2"})
    make(owner, name="a-never-due", interval=None, crontab=never)
    make(owner, name="a-never-new", interval=None, crontab=never, next_fire_at=None)
    nothing = IntervalSchedule.objects.create(every=0, period=IntervalSchedule.SECONDS)
    make(owner, name="a-nothing", interval=nothing)
    make(owner, name="good")
    runs = {run.scan.name: run for run in tick(now=NOW)}
    assert runs.pop("good").job_id is not None
    assert set(runs) == {"a-never-due", "a-never-new", "a-nothing"}
    assert all(run.error and run.job_id is None for run in runs.values())
    assert "never occurs" in runs["a-never-due"].error
    assert tick(now=NOW + timedelta(seconds=10)) == [], "it rests"
    assert Scan.objects.filter(enabled=True).count() == 4


def test_a_scan_that_fails_in_an_unforeseen_way_leaves_its_error_and_the_others_fire(
    broker, owner, walks, monkeypatch
) -> None:
    honest = service.submit

    def broken(**asked):
        if asked["request"].tags == ["scan", "scan:a-bad"]:
            raise ZeroDivisionError("a fault of ours")
        return honest(**asked)

    monkeypatch.setattr(service, "submit", broken)
    make(owner, name="a-bad")
    make(owner, name="good")
    bad, good = tick(now=NOW)
    assert (bad.job_id, bad.error) == (None, "ZeroDivisionError: a fault of ours")
    assert good.job_id is not None
    assert Scan.objects.get(name="a-bad").next_fire_at == NOW + timedelta(seconds=60)


def test_a_schedule_that_is_edited_counts_from_then(broker, owner, walks) -> None:
    crontab = CrontabSchedule.objects.create(**YEARLY)
    scan = make(owner, interval=None, crontab=crontab, next_fire_at=NOW + timedelta(days=300))
    crontab.month_of_year, crontab.day_of_month = "*", "*"
    crontab.save()
    tick(now=NOW)
    scan.refresh_from_db()
    assert NOW < scan.next_fire_at <= NOW + timedelta(days=1)


def test_a_disabled_scan_rests(broker, owner, walks) -> None:
    make(owner, enabled=False)
    assert tick(now=NOW) == []


def test_a_scan_whose_universe_is_gone_leaves_its_error_and_goes_on(broker, owner, walks) -> None:
    make(owner, universe="gone")
    (run,) = tick(now=NOW)
    assert run.job_id is None
    assert "gone" in run.error
    assert Scan.objects.get().next_fire_at > NOW


def test_a_crontab_is_read_in_its_own_time_zone(owner) -> None:
    crontab = CrontabSchedule.objects.create(minute="15", hour="16", timezone="America/New_York")
    scan = make(owner, interval=None, crontab=crontab)
    winter = NOW.replace(year=2026, month=1, day=5, hour=12, minute=0, second=0)
    summer = winter.replace(month=7, day=6)
    assert next_fire(scan, now=winter).astimezone(timezone.get_default_timezone()).hour == 21
    assert next_fire(scan, now=summer).astimezone(timezone.get_default_timezone()).hour == 20


def test_a_scan_has_exactly_one_schedule(owner) -> None:
    with pytest.raises(IntegrityError):
        make(owner, interval=None)


@pytest.mark.django_db(transaction=True)
def test_any_number_of_beats_make_one_run_per_fire_time(broker, owner, walks) -> None:
    make(owner)
    gate = threading.Barrier(6)

    def beat() -> None:
        try:
            gate.wait(10)
            tick(now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=beat) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ScanRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_beat_that_another_overtakes_after_it_has_looked_fires_nothing(broker, owner, walks) -> None:
    make(owner)
    others: list[list[ScanRun]] = []

    def overtake() -> None:
        try:
            others.append(tick(now=NOW))
        finally:
            connection.close()

    def after_looking(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if sql.startswith("SELECT") and not others:
            other = threading.Thread(target=overtake)
            other.start()
            other.join()
        return found

    with connection.execute_wrapper(after_looking):
        mine = tick(now=NOW)
    assert [len(runs) for runs in others] == [1]
    assert mine == []
    assert ScanRun.objects.count() == 1


def test_a_condition_on_what_a_model_says_becomes_a_job_of_the_models_queue(broker, owner, walks) -> None:
    make(owner, analyses=["double_bottom and pattern_outcome.p_target > .5"])
    (run,) = tick(now=NOW)
    assert run.error == ""
    job = Job.objects.get(pk=run.job_id)
    assert job.queue == "ml"
    chunk = Chunk.objects.filter(job=job).first()
    assert run_chunk(chunk.pk, clock=timezone.now).outcome == "succeeded"
