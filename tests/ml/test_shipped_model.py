"""The model that ships is sound, passed every gate, and what is written of it is what its card says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from forecasts.fallbacks import WORSE
from ml import artifact, golden_events
from ml.artifact import CARD, PAGE, TREES, Model, read
from ml.card_page import BEGIN, END, page, placed, summary
from ml.examples import events_of
from ml.family import PATTERNS
from ml.golden_events import demand_current
from ml.predict import Asked, predict
from ml.reliability_plot import plot
from ml.series_files import FREE
from scripts.model_pages import with_examples
from tests.analysis.shipped import ROOT, demo

NAME, VERSION = PATTERNS.name, PATTERNS.version

FOLDER = ROOT / "ml_models" / NAME / VERSION
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def model() -> Model:
    return read(FOLDER)


def test_it_is_read_and_small_enough_for_any_image(model: Model) -> None:
    assert model.name == "pattern_outcome/2.0.0"
    assert (FOLDER / TREES).stat().st_size <= 900_000
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted([CARD, PAGE, TREES])


def test_every_gate_held_on_twenty_seeds(model: Model) -> None:
    assert [gate["code"] for gate in model.card["gates"] if not gate["passed"]] == []
    assert {gate["code"] for gate in model.card["gates"]} == {"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G10"}
    assert any("over 20 seeds" in gate["figure"] for gate in model.card["gates"])


def test_it_was_trained_on_what_is_free_as_it_lies_there(model: Model, shared: Callable[[str], Path]) -> None:
    files = model.card["training"]["files"]
    assert [(one["name"], one["licence"]) for one in files] == [(one.name, one.licence) for one in FREE]
    assert [one["sha256"] for one in files] == [one.sha256(shared("data")) for one in FREE]


def test_no_head_without_lift_is_served(model: Model) -> None:
    for head in model.card["heads"].values():
        assert (head["status"] == "lift") == (head["shrinkage"] > 0) == (head["gain"][3] > 0)


def test_its_page_and_what_the_documentation_says_are_its_cards(model: Model) -> None:
    assert (FOLDER / PAGE).read_text() == page(model.card)
    text = (DOCS / "models.md").read_text()
    assert text.partition(BEGIN)[2].partition(END)[0] == summary(model.card)
    assert (DOCS / "pictures" / "reliability.svg").read_text() == plot(model.card)


def test_what_the_documentation_says_of_ranges_is_the_cards(model: Model) -> None:
    assert (DOCS / "models.md").read_text() == placed((DOCS / "models.md").read_text(), model.card)


def test_the_requests_on_the_page_are_answered_by_it(model: Model) -> None:
    text = (DOCS / "models.md").read_text()
    assert text == with_examples(text, model)


def test_it_was_trained_on_events_as_they_are_found_today(model: Model) -> None:
    demand_current(model.card)


def test_the_documentation_names_every_refusal() -> None:
    text = "".join(Path(str(one.__file__)).read_text() for one in (artifact, golden_events))
    codes = set(re.findall(r'ModelRefused\("(\w+)"', text))
    table = (DOCS / "models.md").read_text().partition("| code |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {*codes, WORSE}


def test_of_events_after_its_time_it_speaks_and_of_those_before_it_says_so(model: Model) -> None:
    bars = demo("SPX", 2_000)
    events = events_of(bars, PATTERNS.plans())
    (found,) = predict([Asked(bars, events)], model)
    assert {one.in_sample for one in found if one.odds} == {True, False}
    assert all(one.model_status == "ready" for one in found)
