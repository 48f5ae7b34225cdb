"""Models over HTTP: cards as they lie on disk, and nothing else of the disk."""

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from forecasts.examinations import note
from forecasts.models import Fallback, ModelReport, ModelVersion
from forecasts.services.registry import register_all
from forecasts.services.shadowing import put_in_shadow
from ml.family import CANDLESTICKS, PATTERNS
from tests.analysis.shipped import ROOT
from tests.api.conftest import Caller, problem

NAME, VERSION = PATTERNS.name, PATTERNS.version

MODELS = "/api/v1/models"
ONE = f"{MODELS}/{NAME}/{VERSION}"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """The files of one model, a copy of what ships, alone in a folder of models."""
    settings.MODELS_DIR, settings.CANDLESTICK_MODEL_VERSION = tmp_path / "models", ""
    return Path(copytree(ROOT / "ml_models" / NAME / VERSION, settings.MODELS_DIR / NAME / VERSION))


def add(folder: Path, version: str, **card: Any) -> None:
    other = folder.parent / version
    other.mkdir()
    stated = json.loads((folder / "card.json").read_text())
    (other / "card.json").write_text(json.dumps({**stated, "version": version, **card}))


def test_those_that_are_served_are_listed_with_their_cards(api: Caller) -> None:
    other, item = api.get(MODELS).json()["items"]
    assert (other["name"], other["version"], other["served"]) == (CANDLESTICKS.name, CANDLESTICKS.version, True)
    assert (item["name"], item["version"], item["served"]) == (NAME, VERSION, True)
    response = api.get(item["links"]["self"])
    card = response.json()["card"]
    assert card["evaluation"]["reliability"]
    assert all(gate["passed"] for gate in card["gates"])
    assert card["limitations"]
    assert "golden" not in card
    assert api.get(ONE, If_None_Match=response["ETag"]).status_code == 304


@pytest.mark.parametrize("value", ["\ud800", float("nan"), 10**400])
def test_a_card_that_no_answer_could_have_in_it_is_not_there(api: Caller, folder: Path, value: Any) -> None:
    add(folder, "2.0.1", lift_status=value)
    add(folder, "2.0.2", lift_status=10**30)
    assert [item["version"] for item in api.get(MODELS).json()["items"]] == ["2.0.2", VERSION]
    problem(api.get(f"{MODELS}/{NAME}/2.0.1"), 404, "unknown_model")
    assert api.get(f"{MODELS}/{NAME}/2.0.2").json()["lift_status"] == 1e30


def test_what_was_found_when_it_was_last_read_is_told(api: Caller, folder: Path) -> None:
    (item,) = api.get(MODELS).json()["items"]
    assert (item["served"], item["model_status"], item["reason"], item["examined_at"]) == (True, None, None, None)
    before = api.get(ONE)["ETag"]
    note(NAME, VERSION, code="stale", detail="Events are found otherwise.", now=timezone.now())
    (item,) = api.get(MODELS).json()["items"]
    assert (item["served"], item["model_status"], item["reason"]) == (True, "degraded", "stale")
    assert item["detail"] == "Events are found otherwise."
    assert api.get(ONE, If_None_Match=before).status_code == 200
    note(NAME, VERSION, code="", detail="", now=timezone.now())
    assert api.get(ONE).json()["model_status"] == "ready"


def test_a_model_in_shadow_is_told_with_how_many_events_are_missing(
    api: Caller, folder: Path, owner: AbstractUser
) -> None:
    add(folder, "2.0.1", usable_from="2019-01-01")
    register_all(timezone.now())
    rows = {row["version"]: row for row in api.get(MODELS).json()["items"]}
    assert {version: row["registered_as"] for version, row in rows.items()} == dict.fromkeys(rows, "candidate")
    one = rows["2.0.1"]["links"]["self"]
    before = api.get(one)
    assert before.json()["comparison"] is None
    (folder.parent / "2.0.1" / "model.ubj").write_bytes((folder / "model.ubj").read_bytes())
    (row,) = ModelVersion.objects.filter(version="2.0.1")
    put_in_shadow(row.pk, actor=owner, now=timezone.now())
    after = api.get(one, If_None_Match=before["ETag"])
    told = after.json()
    assert told["registered_as"] == "shadow"
    assert told["comparison"]["champion"] == f"{NAME}/{VERSION}"
    assert (told["comparison"]["verdict"], told["comparison"]["missing"]) == ("too_few_events", 500)
    assert told["comparison"]["since"] == "2019-01-01"
    assert "500 are missing" in told["comparison"]["text"]
    assert api.get(ONE).json()["comparison"] is None


def test_a_comparison_with_who_is_served_no_more_is_not_told(
    api: Caller, folder: Path, owner: AbstractUser, settings: Any
) -> None:
    for version in ("2.0.1", "2.0.2"):
        add(folder, version)
        (folder.parent / version / "model.ubj").write_bytes((folder / "model.ubj").read_bytes())
    register_all(timezone.now())
    put_in_shadow(ModelVersion.objects.get(version="2.0.1").pk, actor=owner, now=timezone.now())
    assert api.get(f"{MODELS}/{NAME}/2.0.1").json()["comparison"]
    settings.MODEL_VERSION = "2.0.2"
    assert api.get(f"{MODELS}/{NAME}/2.0.1").json()["comparison"] is None


def test_a_model_that_has_fallen_back_is_degraded_since_then_with_what_was_measured(api: Caller, folder: Path) -> None:
    note(NAME, VERSION, code="", detail="", now=timezone.now())
    before = api.get(ONE)
    assert (before.json()["model_status"], before.json()["recent"]) == ("ready", None)
    now, figures = timezone.now(), {"days": 90, "events": 300, "blocks": 5, "gain": -0.02, "interval": [-0.03, -0.01]}
    figures = {**figures, "since": now.isoformat(), "verdict": "worse"}
    sha256 = before.json()["sha256"]
    ModelReport.objects.create(sha256=sha256, kind=ModelReport.Kind.RECENT, figures=figures, measured_at=now)
    Fallback.objects.create(sha256=sha256, model=f"{NAME}/{VERSION}", figures=figures, fell_back_at=now)
    after = api.get(ONE, If_None_Match=before["ETag"]).json()
    assert (after["model_status"], after["reason"]) == ("degraded", "worse_than_chance")
    assert "300 predictions" in after["detail"]
    assert after["examined_at"] == now.isoformat().replace("+00:00", "Z")
    assert (after["recent"]["verdict"], after["recent"]["interval"]) == ("worse", [-0.03, -0.01])
    (item,) = api.get(MODELS).json()["items"]
    assert (item["served"], item["model_status"]) == (True, "degraded")


def test_its_reliability_is_drawn_from_its_card(api: Caller, folder: Path) -> None:
    answer = api.get(f"{ONE}/reliability.svg")
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert answer.content.decode() == (ROOT / "docs" / "pictures" / "reliability.svg").read_text()
    assert api.get(f"{ONE}/reliability.svg", If_None_Match=answer["ETag"]).status_code == 304
    problem(api.get(f"{MODELS}/{NAME}/9.9.9/reliability.svg"), 404, "unknown_model")


@pytest.mark.parametrize(
    "evaluation", [None, 7, {}, {"reliability": 3}, {"reliability": [["<script>", 1, 1]]}, {"reliability": [[1]]}]
)
def test_a_card_without_a_reliability_table_has_no_picture(api: Caller, folder: Path, evaluation: Any) -> None:
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, "evaluation": evaluation}))
    problem(api.get(f"{ONE}/reliability.svg"), 404, "unknown_model")


def test_versions_are_listed_newest_first_by_their_numbers(api: Caller, folder: Path) -> None:
    for version in ("2.10.0", "2.9.0", "10.0.0"):
        add(folder, version)
    listed = api.get(MODELS).json()["items"]
    assert [one["version"] for one in listed] == ["10.0.0", "2.10.0", "2.9.0", "2.0.0"]
    assert [one["version"] for one in listed if one["served"]] == [VERSION]


def test_a_card_that_is_not_the_pinned_one_is_not_served(api: Caller, folder: Path, settings: Any) -> None:
    settings.MODEL_SHA256 = "0" * 64
    assert [one["served"] for one in api.get(MODELS).json()["items"]] == [False]


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"name": "x"}', "[" * 100_000, " " * (3 << 20), "\x00"])
def test_a_card_that_is_none_is_no_model_and_no_error(api: Caller, folder: Path, text: str) -> None:
    (folder / "card.json").write_text(text)
    assert api.get(MODELS).json() == {"items": []}
    problem(api.get(ONE), 404, "unknown_model")


def test_a_card_with_little_in_it_is_shown_as_it_is(api: Caller, folder: Path) -> None:
    (folder / "card.json").write_text(json.dumps({"name": NAME, "version": VERSION, "sha256": None}))
    assert api.get(MODELS).status_code == 200
    assert api.get(ONE).json()["card"]["sha256"] is None


@pytest.mark.parametrize(
    "path",
    ["nothing/1.0.0", f"{NAME}/9.9.9", f"{NAME}/2.0", f"{NAME}/..", "../ml_models/x", f"{NAME}/2.0.0%00", "A/1.0.0"],
)
def test_what_is_no_model_is_not_found(api: Caller, path: str) -> None:
    assert api.get(f"{MODELS}/{path}").status_code == 404


def test_a_folder_that_is_away_has_no_models(api: Caller, settings: Any, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path / "none"
    assert api.get(MODELS).json() == {"items": []}


def test_strangers_see_none(anonymous: Caller) -> None:
    problem(anonymous.get(MODELS), 401)
