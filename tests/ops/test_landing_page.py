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
