"""What staff type into the search of the list of jobs, and how far lists go."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import short_lists
from jobs import job_admin
from jobs.requests import JobRequest
from jobs.services.submit import submit
from tests.bars import random_walk
from tests.jobs.conftest import only_chunk


@pytest.fixture
def staff(admin_client: Client) -> Client:
    return admin_client


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


def test_counts_and_pages_have_an_end(staff, submit_inline, monkeypatch) -> None:
    monkeypatch.setattr(short_lists, "MOST_LISTED", 3)
    monkeypatch.setattr(job_admin.JobAdmin, "list_per_page", 2)
    for seed in range(5):
        submit_inline(seed=seed)
    shown = staff.get("/admin/jobs/job/").context["cl"]
    assert (shown.result_count, shown.paginator.num_pages) == (3, 2)
