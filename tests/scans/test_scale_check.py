"""The check that lists scans of 1.1 whose chart patterns are looked for at another scale since."""

from datetime import timedelta
from io import StringIO
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from scans.models import Scan
from scans.scale_check import SINCE, former_scale_check
from tests.scans.test_tick import make

RECORD = {"app": SINCE[0], "name": SINCE[1]}


def made_by_the_release_before(owner: AbstractUser, name: str, analyses: Any) -> Scan:
    scan = make(owner, name=name, analyses=analyses)
    applied = MigrationRecorder(connection).migration_qs.get(**RECORD).applied
    Scan.objects.filter(pk=scan.pk).update(created_at=applied - timedelta(days=1))
    return scan


def test_a_scan_of_before_names_the_patterns_whose_scale_is_another(owner: AbstractUser) -> None:
    made_by_the_release_before(owner, "tops", ["rsi < 30", "double_top and rsi > 70", "gartley"])
    made_by_the_release_before(owner, "all", ["chart_patterns"])
    found = former_scale_check(None, databases=["default"])
    assert [message.id for message in found] == ["scans.W002", "scans.W002"]
    assert "'tops'" in found[0].msg
    assert "looks for double_top at scale classic" in found[0].msg
    assert owner.username in found[0].msg
    assert " more at scale classic" in found[1].msg
    assert "scale=swing" in (found[0].hint or "")
    assert former_scale_check(None, databases=None) == []


def test_who_says_a_scale_or_made_it_since_or_asks_for_other_things_is_not_listed(owner: AbstractUser) -> None:
    make(owner, name="new", analyses=["double_top"])
    made_by_the_release_before(owner, "said", ["double_top(scale=classic)", "x = double_top(scale=swing) and rsi > 5"])
    made_by_the_release_before(owner, "object", [{"name": "double_top", "params": {"scale": "classic"}}])
    made_by_the_release_before(owner, "others", ["gartley", "doji", "support", "high_tight_flag"])
    made_by_the_release_before(owner, "broken", ["nothing", "double_top"])
    made_by_the_release_before(owner, "strange", {"name": "double_top"})
    assert former_scale_check(None, databases=["default"]) == []


def test_before_the_upgrade_nothing_is_said(owner: AbstractUser) -> None:
    made_by_the_release_before(owner, "tops", ["double_top"])
    MigrationRecorder(connection).migration_qs.filter(**RECORD).delete()
    assert former_scale_check(None, databases=["default"]) == []


def test_the_check_is_part_of_what_django_asks_of_the_database(owner: AbstractUser) -> None:
    made_by_the_release_before(owner, "tops", ["double_top"])
    said = StringIO()
    call_command("check", databases=["default"], stdout=said, stderr=said)
    assert "scans.W002" in said.getvalue()
