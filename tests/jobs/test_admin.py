"""What staff see and do in the admin."""

import csv
import json
import shlex

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import job_admin, job_search, job_texts
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services import run_chunk as service
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import only_chunk


@pytest.fixture
def staff(admin_client: Client) -> Client:
    return admin_client


@pytest.mark.parametrize("page", ["job", "chunk", "transition"])
def test_lists_and_details_open(staff, submit_inline, clock, page) -> None:
    job = submit_inline()
    run_chunk(only_chunk(job).pk, clock=clock)
    listed = staff.get(f"/admin/jobs/{page}/")
    assert listed.status_code == 200
    row = {"job": job, "chunk": only_chunk(job), "transition": job.transitions.first()}[page]
    assert staff.get(f"/admin/jobs/{page}/{row.pk}/change/").status_code == 200


def test_rows_cannot_be_edited_or_deleted(staff, submit_inline) -> None:
    job = submit_inline()
    assert staff.post(f"/admin/jobs/job/{job.pk}/change/", {"state": "succeeded"}).status_code == 403
    assert staff.post(f"/admin/jobs/job/{job.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get("/admin/jobs/job/add/").status_code == 403


def act(staff: Client, action: str, job: Job) -> str:
    answer = staff.post("/admin/jobs/job/", {"action": action, "_selected_action": [str(job.pk)]}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_cancel_calls_the_service(staff, submit_inline) -> None:
    job = submit_inline()
    act(staff, "cancel_jobs", job)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert job.transitions.filter(to_state="cancelled", actor="staff:admin").exists()


def test_retry_makes_a_new_job_and_says_why_not(staff, submit_inline) -> None:
    job = submit_inline()
    assert "not over yet" in act(staff, "retry_jobs", job)
    act(staff, "cancel_jobs", job)
    act(staff, "retry_jobs", job)
    assert Job.objects.get(retry_of=job).owner_id == job.owner_id


def test_a_plain_user_stays_out(client, submit_inline) -> None:
    job = submit_inline()
    answer = client.post("/admin/jobs/job/", {"action": "cancel_jobs", "_selected_action": [str(job.pk)]})
    assert answer.status_code == 302
    job.refresh_from_db()
    assert job.state == State.ACCEPTED


def test_the_sidebar_leads_to_flower(staff, settings) -> None:
    assert settings.FLOWER_URL in staff.get("/admin/").content.decode()


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


def listed(staff, text: str) -> set[str]:
    answer = staff.get("/admin/jobs/job/", {"q": text})
    assert answer.status_code == 200
    return {str(job.pk) for job in answer.context["cl"].result_list}


def test_a_job_is_found_by_what_the_text_is(staff, submit_inline, owner) -> None:
    job = submit_inline(tags=["nightly", "scan", "scan:demo"])
    other = submit_inline(seed=2)
    symbol = only_chunk(job).items[0][0]
    pk, both = str(job.pk), {str(job.pk), str(other.pk)}
    for text in (pk, pk.upper(), pk.replace("-", ""), "nightly", "tag:nightly", "scan:demo", f"id:{pk}"):
        assert listed(staff, text) == {pk}, text
    for text in (pk[:6], symbol, f"symbol:{symbol.lower()}", owner.username, f"owner:{owner.username}", " "):
        assert listed(staff, text) == both, text
    for text in (
        "zzzz",
        "tag:none",
        "owner:none",
        "symbol:none",
        "ffffffff",
        "%",
        "'",
        "id:",
        "x" * 10_000,
        "tag:",
    ):
        assert listed(staff, text) == set(), text


def test_jobs_are_found_by_the_request_that_made_them(staff, owner, submit_inline, broker) -> None:
    submit_inline()  # by no request
    request = JobRequest(analyses=["rsi"], bars=random_walk(60, symbol="R"))
    pk = str(submit(owner=owner, request=request, now=timezone.now(), request_id="a1b2c3d4").pk)
    assert listed(staff, "a1b2c3d4") == listed(staff, "request:a1b2c3d4") == {pk}
    assert listed(staff, "request:") == listed(staff, "request:none") == set()
    assert "?q=request:a1b2c3d4" in staff.get(f"/admin/jobs/job/{pk}/change/").content.decode()


def test_a_search_is_one_look_up_and_no_join(staff, submit_inline) -> None:
    job = submit_inline(tags=["nightly"])
    for text in ("nightly", str(job.pk)[:4], only_chunk(job).items[0][0], job.owner.username):
        with CaptureQueriesContext(connection) as asked:
            assert listed(staff, text) == {str(job.pk)}
        about_jobs = [one["sql"] for one in asked if '"jobs_job"' in one["sql"]]
        assert about_jobs
        assert not any(" OR " in sql or 'JOIN "jobs_' in sql for sql in about_jobs), about_jobs


def test_no_list_asks_all_rows_for_what_its_filters_may_be(staff, submit_inline) -> None:
    submit_inline()
    for path in ("job/", "job/?state=failed", "job/?state=nonsense", "chunk/", "chunk/?state=running", "transition/"):
        with CaptureQueriesContext(connection) as asked:
            assert staff.get(f"/admin/jobs/{path}").status_code == 200
        statements = [one["sql"] for one in asked if '"jobs_' in one["sql"]]
        assert statements
        assert not any("DISTINCT" in sql for sql in statements)


def test_chunks_and_transitions_are_found_by_their_job(staff, submit_inline) -> None:
    job = submit_inline()
    submit_inline(seed=2)
    for page, rows in (("chunk", job.chunks), ("transition", job.transitions)):
        for text in (str(job.pk), f" {str(job.pk).upper()} "):
            found = staff.get(f"/admin/jobs/{page}/", {"q": text}).context["cl"].result_list
            assert {row.pk for row in found} == set(rows.values_list("pk", flat=True))
        assert not staff.get(f"/admin/jobs/{page}/", {"q": "nonsense"}).context["cl"].result_list


def test_the_list_says_what_a_job_is(staff, submit_inline, clock) -> None:
    job = submit_inline(analyses=["rsi", "macd", "atr", "sma", "ema"], tags=["scan", "scan:demo"])
    run_chunk(only_chunk(job).pk, clock=clock)
    page = staff.get("/admin/jobs/job/").content.decode()
    assert "rsi, macd, atr +2" in page
    assert "?q=tag:scan:demo" in page
    assert "<progress" in page
    assert f"{job.created_at:%H:%M:%S} UTC" in page


def test_counts_and_pages_have_an_end(staff, submit_inline, monkeypatch) -> None:
    monkeypatch.setattr(job_search, "MOST_LISTED", 3)
    monkeypatch.setattr(job_admin.JobAdmin, "list_per_page", 2)
    for seed in range(5):
        submit_inline(seed=seed)
    shown = staff.get("/admin/jobs/job/").context["cl"]
    assert (shown.result_count, shown.paginator.num_pages) == (3, 2)


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


def test_the_whole_table_is_csv(staff, submit_inline, clock) -> None:
    job = submit_inline(analyses=["rsi", "macd"])
    path = f"/admin/jobs/job/{job.pk}/table.csv"
    assert staff.get(path).status_code == 409
    run_chunk(only_chunk(job).pk, clock=clock)
    answer = staff.get(path)
    head, row = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))
    assert head == ["symbol", "rsi", "macd.macd", "macd.signal", "macd.histogram", "events", "failed"]
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
