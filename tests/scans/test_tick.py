import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.db.utils import IntegrityError
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from scans.models import Scan, ScanRun
from scans.services.tick import tick
from scans.timing import next_fire

NOW = timezone.now().replace(microsecond=0)


def make(owner: AbstractUser, **fields: object) -> Scan:
    interval, _ = IntervalSchedule.objects.get_or_create(every=60, period=IntervalSchedule.SECONDS)
    values = {"name": "s", "universe": "walks", "analyses": ["rsi"], "interval": interval, **fields}
    return Scan.objects.create(owner=owner, **values)


def test_a_due_scan_is_fired_once_and_becomes_a_job(broker, owner, walks) -> None:
    scan = make(owner)
    runs = tick(now=NOW)
    assert [run.scan_id for run in runs] == [scan.pk]
    assert runs[0].job_id is not None
    assert tick(now=NOW) == []
    assert tick(now=NOW + timedelta(seconds=59)) == []
    assert len(tick(now=NOW + timedelta(seconds=60))) == 1


def test_missed_times_are_not_made_up(broker, owner, walks) -> None:
    make(owner)
    tick(now=NOW)
    assert len(tick(now=NOW + timedelta(hours=5, seconds=10))) == 1
    assert Scan.objects.get().next_fire_at == NOW + timedelta(hours=5, seconds=60)


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
