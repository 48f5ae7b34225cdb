"""The admin's page of a model: its reliability drawn, its gates, and how it does while it serves."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser, Permission
from django.test import Client
from django.utils import timezone

from forecasts.models import ModelVersion
from forecasts.services.comparing import compare_shadow
from forecasts.services.falling_back import watch
from forecasts.services.registry import register_all
from forecasts.services.scoring import score
from forecasts.services.shadowing import put_in_shadow
from ml.reliability_plot import plot
from tests.forecasts.ledger_rows import kept
from tests.forecasts.test_fallback import BAD, scored
from tests.forecasts.versions import add

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def served(models: Path) -> ModelVersion:
    """The model that ships, registered."""
    return register_all(NOW)[0]


def page(client: Client, row: ModelVersion) -> str:
    answer = client.get(f"/admin/forecasts/modelversion/{row.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def section(text: str, name: str) -> str:
    """Return the words of a part of the page."""
    found = re.search(rf'<section id="{name}">(.*?)</section>', text, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_its_reliability_is_drawn_in_the_page_with_its_gates(served: ModelVersion, admin_client: Client) -> None:
    text = page(admin_client, served)
    assert text.count('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 420"') == 1
    assert text.count('<circle class="bin"') == 15
    assert "AUC of direction" in section(text, "gates")
    assert "lift" in section(text, "gates")
    assert "2018-03-07" in section(text, "gates")


def test_what_nobody_has_measured_yet_is_said(served: ModelVersion, models: Path, admin_client: Client) -> None:
    assert "not in shadow" in section(page(admin_client, add(models, "2.0.1")), "comparison")
    text = page(admin_client, served)
    assert "It is the one that is served." in section(text, "comparison")
    assert "None yet." in section(text, "scorecard")
    assert "Not measured yet" in section(text, "recent")
    assert "Not measured yet." in section(text, "drift")
    assert 'id="fallback"' not in text


def test_of_a_shadow_it_says_how_many_events_are_missing_and_then_what_it_gained(
    served: ModelVersion, models: Path, owner: AbstractUser, admin_client: Client
) -> None:
    row = put_in_shadow(add(models, "2.0.1").pk, actor=owner, now=NOW)
    assert "0 of 500 resolved events" in section(page(admin_client, row), "comparison")
    assert "500 are missing" in section(page(admin_client, row), "comparison")
    kept(630, 21, 0.3, sha256=served.sha256, days=28)
    kept(630, 21, 0.4, sha256=row.sha256, days=28)
    compare_shadow(now=NOW)
    told = section(page(admin_client, row), "comparison")
    assert "Better: +0.04" in told
    assert "Calibration error of target" in told


def test_the_scorecard_has_counts_gain_and_shares(served: ModelVersion, admin_client: Client) -> None:
    kept(400, 7, 0.35, sha256=served.sha256)
    score(now=NOW)
    told = section(page(admin_client, served), "scorecard")
    assert "Target first 160" in told
    assert "Target first 0.35 0.4" in told
    assert "7 quarters" in told


def test_a_model_that_has_fallen_back_says_so_first(served: ModelVersion, admin_client: Client) -> None:
    scored(served.sha256, BAD)
    watch(now=NOW)
    text = page(admin_client, served)
    assert "chance is answered: against it 420 predictions" in text
    assert "Scored in 90 days 420" in section(text, "recent")


HOSTILE: list[dict[str, Any]] = [
    {"evaluation": {"reliability": [["<script>", 1, 1]]}},
    {"evaluation": {"reliability": [[0, 0.5, 0.5]]}},
    {"evaluation": None},
    {"gates": ["<script>alert(1)</script>", {"title": "<script>alert(1)</script>"}], "lift_status": "<script>alert(1)"},
    {"gates": 7, "usable_from": ["<script>alert(1)"]},
]


@pytest.mark.parametrize("card", HOSTILE)
def test_a_card_with_anything_in_it_is_a_page_without_that(
    models: Path, admin_client: Client, card: dict[str, Any]
) -> None:
    text = page(admin_client, add(models, "2.0.1", **card))
    assert "<script>alert(1)" not in text
    assert '"<script>"' not in text


def test_of_another_card_than_was_registered_nothing_is_drawn(
    served: ModelVersion, models: Path, admin_client: Client
) -> None:
    path = models / "card.json"
    path.write_text(path.read_text().replace('"lift"', '"much lift"'))
    text = page(admin_client, served)
    assert "not the one that was registered" in section(text, "reliability")
    assert section(text, "gates") == "Gates –"
    assert "much lift" not in text


def test_every_rule_of_the_picture_is_of_the_picture_alone() -> None:
    picture = plot({"name": "a", "version": "1", "evaluation": {"reliability": [[10, 0.5, 0.5]]}})
    style = re.search(r"<style>(.*)</style>", picture)
    assert style is not None
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", style[1].replace("@media (prefers-color-scheme:dark){", ""))
    assert len(selectors) > 5
    assert all(one.startswith(".reliability") for one in selectors)


def test_who_may_not_look_sees_nothing(served: ModelVersion, client: Client, django_user_model: Any) -> None:
    staff = django_user_model.objects.create_user("limited", password="a long password", is_staff=True)
    client.force_login(staff)
    assert client.get(f"/admin/forecasts/modelversion/{served.pk}/change/").status_code == 403
    staff.user_permissions.set(Permission.objects.filter(codename="view_modelversion"))
    assert "<svg xmlns" in page(client, served)
