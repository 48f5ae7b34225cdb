"""What staff see and do in the admin."""

import pytest
from django.test import Client

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
