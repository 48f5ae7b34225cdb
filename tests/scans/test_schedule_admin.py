"""Schedules that scans share are edited on pages of their own, which refuse what the scans could not keep."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from accounts.roles import OPERATORS
from scans.models import Scan
from tests.scans.test_tick import make

pytestmark = pytest.mark.django_db
INTERVALS, CRONTABS = (f"/admin/django_celery_beat/{name}schedule/" for name in ("interval", "crontab"))
NO_TASKS = {"periodictask_set-TOTAL_FORMS": 0, "periodictask_set-INITIAL_FORMS": 0}
NIGHTLY = {"minute": "0", "hour": "22", "day_of_month": "*", "month_of_year": "*", "day_of_week": "*"}


def put(client: Client, page: str, **fields: Any) -> dict[str, list[str]]:
    """Save the form; return what was refused, by field."""
    answer = client.post(page, {**NO_TASKS, **fields})
    if answer.status_code == 302:
        return {}
    return {name: list(said) for name, said in answer.context["adminform"].form.errors.items()}


@pytest.mark.parametrize(("every", "period"), [("1", "seconds"), ("9", "seconds"), ("9999999", "microseconds")])
def test_an_interval_of_a_scan_is_not_made_shorter_than_a_tick(
    admin_client: Client, owner: Any, walks: Any, every: str, period: str
) -> None:
    scan = make(owner)
    page = f"{INTERVALS}{scan.interval_id}/change/"
    said = ["Due scans are looked for every 10 seconds: that is the shortest interval."]
    assert put(admin_client, page, every=every, period=period) == {"every": said}
    assert IntervalSchedule.objects.get(pk=scan.interval_id) == scan.interval
    assert put(admin_client, page, every="10", period="seconds") == {}


def test_an_interval_that_no_date_has_room_for_is_refused(admin_client: Client, owner: Any, walks: Any) -> None:
    page = f"{INTERVALS}{make(owner).interval_id}/change/"
    for every, period in (("2147483647", "days"), ("0", "days"), ("-1", "hours")):
        assert list(put(admin_client, page, every=every, period=period)) == ["every"]


def test_what_no_scan_uses_is_as_short_as_beat_can_keep_it(admin_client: Client, owner: Any, walks: Any) -> None:
    make(owner)
    assert put(admin_client, f"{INTERVALS}add/", every="5", period="seconds") == {}
    row = IntervalSchedule.objects.get(every=5)
    assert put(admin_client, f"{INTERVALS}{row.pk}/change/", every="3", period="seconds") == {}


def test_a_crontab_of_a_scan_is_not_made_one_that_never_fires(admin_client: Client, owner: Any, walks: Any) -> None:
    crontab = CrontabSchedule.objects.create(minute="0", hour="22")
    make(owner, interval=None, crontab=crontab)
    page = f"{CRONTABS}{crontab.pk}/change/"
    never = put(admin_client, page, **{**NIGHTLY, "day_of_month": "31", "month_of_year": "2"}, timezone="UTC")
    assert [text.partition(":")[0] for text in never["__all__"]] == ["This never fires"]
    elsewhere = put(admin_client, page, **NIGHTLY, timezone="localtime")
    assert list(elsewhere) == ["timezone"]
    assert put(admin_client, page, **{**NIGHTLY, "minute": "61"}, timezone="UTC") != {}
    assert put(admin_client, page, **{**NIGHTLY, "hour": "18"}, timezone="Europe/London") == {}


def test_an_operator_sees_how_many_scans_a_change_is_of(client: Client, owner: Any, walks: Any, broker: Any) -> None:
    call_command("create_roles")
    staff = User.objects.create_user("staff", is_staff=True)
    staff.groups.set(Group.objects.filter(name=OPERATORS))
    client.force_login(staff)
    page = f"{INTERVALS}{make(owner).interval_id}/change/"
    assert re.search(r"Scans that use it.*?>\s*1\s*<", client.get(page).content.decode(), re.DOTALL)
    assert put(client, page, every="1", period="seconds") != {}
    assert put(client, page, every="2", period="hours") == {}
    assert Scan.objects.get().next_fire_at is None, "the next tick says when"


def test_the_pages_of_beat_are_drawn_as_the_others_are(admin_client: Client, broker: Any) -> None:
    for name in ("interval", "crontab", "clocked", "solar"):
        page = admin_client.get(f"/admin/django_celery_beat/{name}schedule/add/").content.decode()
        assert "rounded-default shadow-xs" in page[page.index('id="content-main"') :], name
    page = admin_client.get("/admin/django_celery_beat/periodictask/add/").content.decode()
    for field in ("name", "regtask", "task", "interval", "args", "priority"):
        control = page[page.index(f'id="id_{field}"') - 1_500 : page.index(f'id="id_{field}"') + 1_500]
        assert "rounded-default" in control, field
    assert "icon-addlink.svg" not in page
    group = admin_client.get("/admin/auth/group/add/").content.decode()
    assert "rounded-default" in group[group.index('id="id_name"') - 1_500 : group.index('id="id_name"') + 50]
