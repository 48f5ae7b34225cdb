"""What a scan's form refuses is said once, where it was written."""

import pytest
from django.test import Client
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from tests.scans.test_admin import ADD, form, member, new
from tests.scans.test_tick import make


def test_a_schedule_that_never_fires_is_refused_in_the_form(admin_client: Client, owner, walks) -> None:
    scan = make(owner)
    never = CrontabSchedule.objects.create(minute="0", hour="0", day_of_month="31", month_of_year="2")
    answer = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", form(scan, interval="", crontab=never.pk))
    assert answer.status_code == 200
    assert "This never fires" in answer.content.decode()


def errors_of(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return {name: list(said) for name, said in answer.context["adminform"].form.errors.items()}


def test_a_scan_without_schedule_is_refused_at_its_line(admin_client: Client, admin_user, owner, walks) -> None:
    scan = make(owner)
    changed = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", form(scan, interval=""))
    assert errors_of(changed) == {"when": ["Write a schedule."]}
    for nothing in ("", "   "):
        assert errors_of(admin_client.post(ADD, new(admin_user, when=nothing))) == {"when": ["Write a schedule."]}


@pytest.mark.parametrize(
    "text", ["whenever", "every 0 minutes", "0 0 31 2 *", "61 * * * *", "* * * * * Mars/Base", "every 15 fortnights"]
)
def test_a_refused_schedule_is_one_fault_and_its_own(admin_client: Client, admin_user, owner, walks, text) -> None:
    errors = errors_of(admin_client.post(ADD, new(admin_user, when=text)))
    assert list(errors) == ["when"]
    assert len(errors["when"]) == 1
    assert not CrontabSchedule.objects.exists()
    assert not IntervalSchedule.objects.exists(), "who tries leaves no rows for others to choose"
    scan = make(owner)
    changed = form(scan, when=text)
    errors = errors_of(admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", changed))
    assert list(errors) == ["when"]


@pytest.mark.parametrize("text", ["every second", "every 1 second", "every 9 seconds"])
def test_an_interval_that_no_tick_can_keep_is_refused(admin_client: Client, admin_user, owner, walks, text) -> None:
    said = ["Due scans are looked for every 10 seconds: that is the shortest interval."]
    assert errors_of(admin_client.post(ADD, new(admin_user, when=text))) == {"when": said}
    quick = IntervalSchedule.objects.create(every=9_999_999, period=IntervalSchedule.MICROSECONDS)
    scan = make(owner)
    changed = form(scan, interval=quick.pk)
    assert errors_of(admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", changed)) == {"interval": said}
    answer = admin_client.post(ADD, new(admin_user, when="every 10 seconds"))
    assert answer.status_code == 302, answer.context["errors"]


def test_the_form_says_what_a_name_may_be_and_how_short_an_interval(admin_client: Client, admin_user, walks) -> None:
    page = admin_client.get(ADD).content.decode()
    assert "Letters, digits, hyphens and underscores; no blanks." in page
    assert "10 seconds or more" in page
    for name in ("two words", "ünï", "a/b", "<b>", "", "n" * 61):
        assert list(errors_of(admin_client.post(ADD, new(admin_user, name=name)))) == ["name"]


def test_a_list_that_cannot_be_read_is_answered_with_one_that_can(admin_client: Client, admin_user, walks) -> None:
    answer = admin_client.post(ADD, new(admin_user, analyses='["rsi"'))
    assert errors_of(answer) == {"analyses": ['This is not a list such as ["rsi"].']}
    assert "&amp;quot;" not in answer.content.decode(), "nobody is shown the letters of an entity"


def test_two_schedules_are_refused_once(admin_client: Client, admin_user, owner, walks) -> None:
    scan = make(owner)
    nightly = CrontabSchedule.objects.create(minute="0", hour="22")
    changed = form(scan, crontab=nightly.pk)
    errors = errors_of(admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", changed))
    assert errors == {"__all__": ["Give either a crontab or an interval."]}
    both = new(admin_user, crontab=nightly.pk)
    assert list(errors_of(admin_client.post(ADD, both))) == ["when"]


def test_what_models_say_is_found_and_completed_like_the_catalogue(admin_client: Client, admin_user, walks) -> None:
    page = admin_client.get(ADD)
    known = page.context["adminform"].form.fields["analyses"].widget.get_context("analyses", "", {"id": "x"})["known"]
    assert {"rsi", "pattern_outcome", "candlestick_outcome.expected_r", "expected_range.high_90"} <= known.keys()
    assert known["pattern_outcome"]["call"] == "pattern_outcome() with .p_target .p_stop .p_timeout .expected_r"
    assert '<option value="candlestick_outcome.p_target">' in page.content.decode()


def test_a_name_that_the_owner_has_used_is_refused_at_its_field(admin_client: Client, admin_user, owner, walks) -> None:
    mine = make(owner)
    said = {"name": ["owner has a scan of this name already."]}
    assert errors_of(admin_client.post(ADD, new(owner, name=mine.name))) == said
    other = make(owner, name="other")
    assert errors_of(admin_client.post(f"/admin/scans/scan/{other.pk}/change/", form(other, name=mine.name))) == said
    for page, fields in ((f"/admin/scans/scan/{mine.pk}/change/", form(mine)), (ADD, new(admin_user, name=mine.name))):
        answer = admin_client.post(page, fields)
        assert answer.status_code == 302, "it is one's own name, and another's may be the same"


def test_who_only_reads_sees_the_analyses_as_they_are_written(client: Client, owner, walks) -> None:
    scan = make(owner, analyses=["rsi", "close > ema(50)", {"group": "trend"}])
    member(client, "view_scan")
    page = client.get(f"/admin/scans/scan/{scan.pk}/change/").content.decode()
    assert "rsi<br>close &gt; ema(50)<br>{&quot;group&quot;: &quot;trend&quot;}" in page
    assert 'class="highlight"' not in page
