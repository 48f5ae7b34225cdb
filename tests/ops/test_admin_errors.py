"""Where the admin has nothing, or nothing for who asks, it says so in its own look, with a way back."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from jobs.hold_rows import READ_ONLY
from jobs.models import Hold
from jobs.requests import JobRequest
from jobs.services.submit import submit
from tests.bars import random_walk

pytestmark = pytest.mark.django_db
ABSENT = "/admin/jobs/job/00000000-0000-7000-8000-000000000000/table/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_user("limited", is_staff=True))
    return client


def page_of(answer: Any, status: int) -> str:
    """Return the page of an answer of this status, which has the admin's look and a way back."""
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    page: str = answer.content.decode()
    assert 'id="nav-sidebar-inner"' in page
    assert "ops/admin.css" in page
    main = page[page.index('id="main"') :]
    assert 'href="/admin/"' in main
    return main


@pytest.mark.parametrize("path", ["/admin/jobs/job/", "/admin/ops/drain/", "/admin/scans/scan/add/", "/admin/figures/"])
def test_what_one_may_not_see_is_refused_in_the_admins_look(staff: Client, path: str) -> None:
    assert "You may not" in page_of(staff.get(path), 403)


@pytest.mark.parametrize(
    "path", ["/admin/nothing/", "/admin/jobs/nothing/", ABSENT, "/admin/<script>alert(1)<script>/"]
)
def test_where_nothing_is_the_admin_says_so_in_its_look(admin_client: Client, path: str) -> None:
    main = page_of(admin_client.get(path), 404)
    assert "Nothing is" in main
    assert "<script>alert(1)" not in main


def test_who_is_not_logged_in_is_sent_to_the_login_and_told_nothing(client: Client) -> None:
    for path in ("/admin/nothing/", "/admin/jobs/job/", ABSENT):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_a_form_without_its_token_is_refused_in_the_admins_look(admin_user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert "load it again" in page_of(strict.post("/admin/accounts/apikey/add/", {"name": "one"}), 403)


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/accounts/apikey/add/"])
def test_a_form_without_its_token_of_who_is_not_logged_in_is_refused(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, {"username": "one", "password": "two"})
    assert answer.status_code == 403
    assert "load it again" in answer.content.decode()


def test_a_form_of_who_is_not_logged_in_while_the_system_only_reads_is_refused(client: Client, broker: Any) -> None:
    Hold.objects.create(name=READ_ONLY, reason="a move", since=timezone.now(), by="staff:one")
    assert client.post("/admin/scans/scan/add/", {"name": "one"}).status_code == 503


def test_a_form_while_the_system_only_reads_is_refused_in_the_admins_look(admin_client: Client, broker: Any) -> None:
    Hold.objects.create(name=READ_ONLY, reason="a <b>move</b>", since=timezone.now(), by="staff:one")
    answer = admin_client.post("/admin/scans/scan/add/", {"name": "one"})
    main = page_of(answer, 503)
    assert answer["Retry-After"]
    assert "a &lt;b&gt;move&lt;/b&gt;" in main


def test_a_bug_of_ours_is_a_page_with_the_requests_id(
    admin_client: Client, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("jobs.job_pages.result_table", fail)
    owner = User.objects.create(username="owner")
    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], bars=random_walk(60)), now=timezone.now())
    admin_client.raise_request_exception = False
    answer = admin_client.get(f"/admin/jobs/job/{job.pk}/table/", headers={"X-Request-Id": "to-be-quoted"})
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "to-be-quoted" in page
    assert 'href="/admin/"' in page
    assert "secret" not in page
