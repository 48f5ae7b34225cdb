"""What staff see of one job, and the buttons of its page."""

import csv
import json
import shlex

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from jobs import job_texts
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services import run_chunk as service
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import only_chunk
from tests.jobs.test_admin import act


@pytest.fixture
def staff(admin_client: Client) -> Client:
    return admin_client


def test_a_finished_job_shows_its_picture(staff, submit_inline, clock) -> None:
    job = submit_inline()
    path = f"/admin/jobs/job/{job.pk}/chart.svg"
    assert staff.get(path).status_code == 409
    run_chunk(only_chunk(job).pk, clock=clock)
    assert path in staff.get(f"/admin/jobs/job/{job.pk}/change/").content.decode()
    assert staff.get(path)["Content-Type"].startswith("image/svg+xml")


def test_a_picture_is_for_staff(client, submit_inline, clock) -> None:
    job = submit_inline()
    run_chunk(only_chunk(job).pk, clock=clock)
    assert client.get(f"/admin/jobs/job/{job.pk}/chart.svg").status_code == 302


def test_the_page_of_a_failed_job_says_why_on_top(staff, submit_inline, clock, monkeypatch) -> None:
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(service, "compute", broken)
    job = submit_inline()
    run_chunk(only_chunk(job).pk, clock=clock)
    page = staff.get(f"/admin/jobs/job/{job.pk}/change/").content.decode()
    head = page[page.index('id="job-head"') :][:4_000]
    assert "<b>internal_error</b> × 1" in head
    assert "Retry what failed" in head
    assert "Cancel</button>" not in head


def press(staff, job: Job, verb: str):
    return staff.post(f"/admin/jobs/job/{job.pk}/act/{verb}/")


def test_buttons_cancel_retry_and_run_again_and_lead_to_the_new_job(staff, submit_inline) -> None:
    job = submit_inline()
    assert press(staff, job, "cancel")["Location"] == f"/admin/jobs/job/{job.pk}/change/"
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    again = press(staff, job, "retry")["Location"]
    assert again == f"/admin/jobs/job/{Job.objects.get(retry_of=job).pk}/change/"
    assert press(staff, job, "clone")["Location"] not in (again, f"/admin/jobs/job/{job.pk}/change/")
    assert Job.objects.count() == 3


def failed_with(job: Job, *codes: str) -> Job:
    """Have each of the job's symbols failed with its code."""
    chunk = only_chunk(job)
    symbols = [f"S{n}" for n in range(len(codes))]
    told = [{"symbol": one, "code": code, "detail": ""} for one, code in zip(symbols, codes, strict=True)]
    items = [[one, *chunk.items[0][1:]] for one in symbols]
    Chunk.objects.filter(pk=chunk.pk).update(items=items, item_count=len(codes), failures=told, state=State.FAILED)
    counts = {"symbol_count": len(codes), "failed_count": len(codes)}
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, finished_at=timezone.now(), **counts)
    job.refresh_from_db()
    return job


def test_a_retry_leads_to_the_new_job_and_says_what_it_does_not_help(staff, submit_inline) -> None:
    job = failed_with(submit_inline(), "no_bars_in_range", "transient_failures", "no_bars_in_range")
    page = staff.get(f"/admin/jobs/job/{job.pk}/change/").content.decode()
    assert "A retry does not help <b>no_bars_in_range</b> × 2:" in page
    answer = staff.post(f"/admin/jobs/job/{job.pk}/act/retry/", follow=True)
    new = Job.objects.get(retry_of=job)
    assert answer.redirect_chain == [(f"/admin/jobs/job/{new.pk}/change/", 302)]
    text = answer.content.decode()
    assert "no_bars_in_range × 2" in text
    assert f"/admin/jobs/job/{job.pk}/change/" in text
    assert new.request_id
    assert f"/admin/jobs/job/{new.pk}/change/" in staff.get(f"/admin/jobs/job/{job.pk}/change/").content.decode()


def test_many_that_are_retried_are_linked(staff, submit_inline) -> None:
    job = failed_with(submit_inline(), "transient_failures")
    page = act(staff, "retry_jobs", job)
    assert f"/admin/jobs/job/{Job.objects.get(retry_of=job).pk}/change/" in page


def test_a_button_is_pressed_by_post_by_who_may(staff, client, submit_inline, django_user_model) -> None:
    job = submit_inline()
    assert staff.get(f"/admin/jobs/job/{job.pk}/act/cancel/").status_code == 405
    assert press(staff, job, "delete").status_code == 403
    assert press(client, job, "cancel").status_code == 302
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_job"))
    client.force_login(reader)
    page = client.get(f"/admin/jobs/job/{job.pk}/change/").content.decode()
    assert "Cancel</button>" not in page
    assert press(client, job, "cancel").status_code == 403
    job.refresh_from_db()
    assert job.state == State.ACCEPTED


def test_the_result_is_a_table_and_any_symbol_has_a_chart(staff, submit_inline, clock) -> None:
    job = submit_inline()
    table = f"/admin/jobs/job/{job.pk}/table/"
    assert staff.get(table).status_code == 302
    symbol = only_chunk(job).items[0][0]
    run_chunk(only_chunk(job).pk, clock=clock)
    page = staff.get(table).content.decode()
    assert "macd.histogram" in page
    assert f"chart.svg?symbol={symbol}" in page
    chart = f"/admin/jobs/job/{job.pk}/chart.svg"
    assert staff.get(chart, {"symbol": symbol}).status_code == 200
    assert staff.get(chart, {"symbol": "<script>"}).status_code == 409
    assert staff.get(table, {"cursor": "nonsense"}).status_code == 302


def test_what_is_submitted_again_keeps_the_id_of_the_request_that_asked_for_it(staff, submit_inline) -> None:
    job = submit_inline()
    press(staff, job, "cancel")
    for verb in ("retry", "clone"):
        staff.post(f"/admin/jobs/job/{job.pk}/act/{verb}/", headers={"X-Request-Id": f"by-{verb}"})
    chosen = {"action": "retry_jobs", "_selected_action": [str(job.pk)]}
    staff.post("/admin/jobs/job/", chosen, headers={"X-Request-Id": "by-list"})
    made = Job.objects.exclude(pk=job.pk).order_by("pk").values_list("request_id", flat=True)
    assert list(made) == ["by-retry", "by-clone", "by-list"]


def test_the_whole_table_is_csv(staff, submit_inline, clock) -> None:
    job = submit_inline(analyses=["rsi", "macd"])
    path = f"/admin/jobs/job/{job.pk}/table.csv"
    assert staff.get(path).status_code == 409
    run_chunk(only_chunk(job).pk, clock=clock)
    answer = staff.get(path)
    head, row = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))
    assert head == ["symbol", "rsi", "macd.macd", "macd.signal", "macd.histogram", "events", "stale", "failed"]
    assert row[0] == only_chunk(job).items[0][0]
    assert 0 < float(row[1]) < 100
    assert path in staff.get(f"/admin/jobs/job/{job.pk}/change/").content.decode()


def test_a_symbol_is_no_formula_in_a_spreadsheet(staff, owner, broker, clock) -> None:
    bars = random_walk(60, symbol='=HYPERLINK("http://x")')
    job = submit(owner=owner, request=JobRequest(analyses=["sma(2)"], bars=bars), now=timezone.now())
    run_chunk(only_chunk(job).pk, clock=clock)
    text = b"".join(staff.get(f"/admin/jobs/job/{job.pk}/table.csv").streaming_content).decode()
    assert next(csv.reader(text.splitlines()[1:]))[0].startswith("'=")


def test_script_in_tags_and_analyses_is_shown_as_text(staff, submit_inline) -> None:
    job = submit_inline(tags=["<script>alert(1)</script>"])
    for path in (
        "/admin/jobs/job/",
        f"/admin/jobs/job/{job.pk}/change/",
        "/admin/jobs/job/?q=<script>alert(1)</script>",
    ):
        assert "<script>alert(1)" not in staff.get(path).content.decode()


def test_the_job_as_curl_is_a_command_that_asks_the_same(staff, submit_inline) -> None:
    job = submit_inline(tags=["it's"])
    words = shlex.split(job_texts.as_curl(job, "http://x").replace("\\\n", ""))
    assert json.loads(words[words.index("-d") + 1]) == job.request


def test_a_page_about_work_under_way_is_loaded_again(staff, submit_inline, clock) -> None:
    job = submit_inline()
    page = f"/admin/jobs/job/{job.pk}/change/"
    assert "data-under-way" in staff.get(page).content.decode()
    run_chunk(only_chunk(job).pk, clock=clock)
    assert "data-under-way" not in staff.get(page).content.decode()


def test_a_picture_of_last_values_alone_says_so(staff, submit_inline, clock) -> None:
    said = "The job kept the last value alone"
    for output, is_said in (("last", True), (20, False)):
        job = submit_inline(output=output, seed=20 if output == "last" else 21)
        run_chunk(only_chunk(job).pk, clock=clock)
        picture = staff.get(f"/admin/jobs/job/{job.pk}/chart.svg").content.decode()
        assert (said in picture) is is_said
