"""The page at /."""

from typing import Any

import pytest
from django.test import Client

LINKS = ("/docs", "/admin/", "/health", "/metrics", "/api/v1/schema")


def test_it_links_everything_and_needs_nothing_from_elsewhere(db: None, client: Client, settings: Any) -> None:
    page = client.get("/")
    text = page.content.decode()
    assert page.status_code == 200
    for link in (*LINKS, settings.FLOWER_URL):
        assert f'href="{link}"' in text
    assert "src=" not in text
    assert "interactive" in text
    assert '<html lang="en">' in text


@pytest.mark.parametrize("path", [*LINKS, "/favicon.ico"])
def test_links_lead_somewhere(db: None, admin_client: Client, path: str) -> None:
    assert admin_client.get(path).status_code == 200


def test_in_production_figures_are_for_staff(db: None, client: Client, admin_client: Client, settings: Any) -> None:
    settings.PRODUCTION = True
    assert "At this moment" not in client.get("/").content.decode()
    assert "At this moment" in admin_client.get("/").content.decode()


def test_flower_without_its_slash_leads_to_flower(client: Client, settings: Any) -> None:
    settings.FLOWER_URL = "/flower/"
    response = client.get("/flower")
    assert (response.status_code, response["Location"]) == (302, "/flower/")


@pytest.mark.parametrize(
    ("path", "where"),
    [("/admin", "/admin/"), ("/docs/", "/docs"), ("/api/v1", "/docs"), ("/flower/", None)],
)
def test_what_people_type_leads_somewhere(client: Client, settings: Any, path: str, where: str | None) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, where or settings.FLOWER_URL)


def test_flower_that_nobody_has_put_here_is_no_circle(client: Client, settings: Any) -> None:
    settings.FLOWER_URL = "/flower/"
    assert client.get("/flower/").status_code == 404


def test_a_login_without_a_page_to_go_to_ends_in_the_admin(client: Client, django_user_model: Any) -> None:
    django_user_model.objects.create_superuser("boss", password="a long password")
    account = {"username": "boss", "password": "a long password"}
    response = client.post("/admin/login/", account, follow=True)
    assert (response.status_code, response.redirect_chain) == (200, [("/admin/", 302)])


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_gets_a_page_where_nothing_is(client: Client) -> None:
    response = client.get("/<script>alert(1)</script>", headers={"Accept": BROWSER})
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")
    page = response.content.decode()
    assert "<script>" not in page
    assert 'href="/docs"' in page
    assert "Content-Security-Policy" in response


@pytest.mark.parametrize(("path", "accept"), [("/nowhere", "*/*"), ("/nowhere", ""), ("/api/v1/nowhere", BROWSER)])
def test_a_program_gets_a_problem_where_nothing_is(client: Client, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
