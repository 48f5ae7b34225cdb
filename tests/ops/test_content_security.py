"""Pages say what they may load, and need no more; what is no page says nothing."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.test import Client

from ops.content_security import ADMIN, HEADER, PAGE, PICTURE, SWAGGER_UI
from tests.api.conftest import Caller

# A block of data, which is never run, has another type.
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.IGNORECASE)
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+=", re.IGNORECASE)


@pytest.mark.parametrize(
    ("path", "policy"),
    [("/", PAGE), ("/docs", SWAGGER_UI), ("/admin/", ADMIN), ("/admin/login/", ADMIN), ("/admin/nowhere/", ADMIN)],
)
def test_every_page_has_a_policy_and_keeps_to_it(db: None, admin_client: Client, path: str, policy: str) -> None:
    answer = admin_client.get(path, follow=True)
    text = answer.content.decode()
    assert answer[HEADER] == policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert not SCRIPT.search(text)
    assert not HANDLER.search(text)


def test_a_page_that_says_that_nothing_is_there_may_be_drawn(client: Client) -> None:
    answer = client.get("/nowhere", headers={"Accept": "text/html"})
    assert (answer.status_code, answer[HEADER]) == (404, PAGE)
    assert "stylesheet" in answer.content.decode()


def test_the_script_of_the_documentation_is_a_file(client: Client) -> None:
    assert client.get("/docs?script=")["Content-Type"].startswith("application/javascript")


def test_a_picture_by_itself_can_do_nothing(client: Client) -> None:
    assert client.get("/favicon.ico")[HEADER] == PICTURE


@pytest.mark.parametrize("path", ["/api/v1/jobs/counts", "/api/v1/catalog", "/api/v1/nowhere", "/health/live"])
def test_what_is_no_page_carries_no_policy(owner: AbstractUser, broker: Any, path: str) -> None:
    answer = Caller(owner).get(path)
    assert not answer.has_header(HEADER)
