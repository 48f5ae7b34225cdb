"""What staff see and do in the admin's lists of jobs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from jobs.services.run_chunk import run_chunk
from jobs.states import State
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
