"""docs/admin.md names what the admin has: its searches, its roles, its pages."""

from typing import Any

from accounts.roles import OPERATORS, READERS
from accounts.short_lists import MOST_LISTED
from gravity.sidebar import sidebar
from jobs.job_search import KINDS
from tests.architecture.contract import ROOT

PAGE = (ROOT / "docs" / "admin.md").read_text()


def test_roles_and_searches_are_on_the_page() -> None:
    words = [READERS, OPERATORS, *(f"{kind}:…" for kind in KINDS if kind != "id")]
    assert [word for word in words if f"`{word}`" not in PAGE] == []
    assert f"{MOST_LISTED:,} rows" in PAGE


def test_every_page_beside_the_others_is_on_the_page() -> None:
    work: dict[str, Any] = sidebar("/flower/")["navigation"][0]
    assert [item["title"] for item in work["items"] if item["title"] not in PAGE] == []
