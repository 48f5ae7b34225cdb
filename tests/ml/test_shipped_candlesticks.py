"""The model of candlesticks that ships is sound, passed every gate, and what is written of it is what its card says."""

import pytest

from ml.artifact import CARD, PAGE, TREES, Model, read
from ml.card_page import page, placed
from ml.examples import events_of
from ml.family import CANDLESTICKS
from ml.features import BARS_NEEDED
from ml.golden_events import demand_current
from ml.predict import Asked, predict
from ml.reliability_plot import plot
from ml.series_files import FREE
from scripts.model_pages import with_candlestick
from tests.analysis.shipped import ROOT, demo

FOLDER = ROOT / "ml_models" / CANDLESTICKS.name / CANDLESTICKS.version
TEXT = ROOT / "docs" / "models.md"


@pytest.fixture(scope="module")
def model() -> Model:
    return read(FOLDER)


def test_it_is_read_and_with_its_card_small_enough_for_a_configmap(model: Model) -> None:
    assert model.name == "candlestick_outcome/1.0.0"
    assert (FOLDER / TREES).stat().st_size <= 900_000
    assert sum((FOLDER / name).stat().st_size for name in (TREES, CARD)) <= 1024**2
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted([CARD, PAGE, TREES])


def test_every_gate_held(model: Model) -> None:
    assert [gate["code"] for gate in model.card["gates"] if not gate["passed"]] == []
    assert {gate["code"] for gate in model.card["gates"]} == {"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G10"}


def test_it_says_what_its_events_are_and_how_many_seeds_were_run(model: Model) -> None:
    told = " ".join(model.card["limitations"])
    assert model.card["kind"] == "candlesticks"
    assert "2 ATR14" in told
    assert "one calendar day in 25" in told
    seeds = next(gate["figure"] for gate in model.card["gates"] if gate["code"] == "G4").split()[-2]
    assert seeds == "20" or f"{seeds} were run" in told
    assert [one["name"] for one in model.card["training"]["files"]] == [one.name for one in FREE]


def test_no_head_without_lift_is_served(model: Model) -> None:
    for head in model.card["heads"].values():
        assert (head["status"] == "lift") == (head["shrinkage"] > 0) == (head["gain"][3] > 0)


def test_it_was_trained_on_events_as_they_are_found_today(model: Model) -> None:
    demand_current(model.card)


def test_its_page_and_what_the_documentation_says_are_its_cards(model: Model) -> None:
    assert (FOLDER / PAGE).read_text() == page(model.card)
    assert (TEXT.parent / "pictures" / "reliability_candlesticks.svg").read_text() == plot(model.card)
    assert TEXT.read_text() == placed(TEXT.read_text(), model.card)


def test_the_request_on_the_page_is_answered_by_it(model: Model) -> None:
    assert TEXT.read_text() == with_candlestick(TEXT.read_text(), model)


def test_it_speaks_of_every_candlestick_with_a_side(model: Model) -> None:
    bars = demo("SPX", 2_000)
    events = events_of(bars, CANDLESTICKS.plans())
    (found,) = predict([Asked(bars, events)], model, family=CANDLESTICKS)
    for event, one in zip(events, found, strict=True):
        if event.bar >= BARS_NEEDED:
            assert (one.odds is None) == (event.side == "neutral")
