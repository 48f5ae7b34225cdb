"""A card holds what it must, and its page and picture say the same."""

from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ml import card_page
from ml.artifact import read, write
from ml.assessment import Assessment
from ml.card import card, final_fit
from ml.evaluation import evaluate
from ml.gates import Gate
from ml.null_walks import walks
from ml.reliability_plot import plot
from ml.series_files import SeriesFile, origin_of
from ml.splits import is_held_out
from ml.training_set import TrainingSet, of_series
from ml.walk_forward import forecasts

GATE = Gate("G0", "a gate", "1", "1", passed=True)


@pytest.fixture(scope="module")
def made() -> TrainingSet:
    return of_series(chain(walks(3, 30, stochastic=False)))


@pytest.fixture(scope="module")
def stored(made: TrainingSet, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    folder: Path = tmp_path_factory.mktemp("data")
    (folder / "walks.csv").write_text("one file")
    found, alike = evaluate(made.stated, rounds=20), forecasts(made.alike, rounds=20)
    fit, mine = final_fit(made, found)
    said = card(
        made, Assessment(found, alike, [GATE]), fit, mine, origin_of(folder, [SeriesFile("walks.csv", "none needed")])
    )
    write(folder / "model", fit, said, card_page.page(said))
    return said, folder / "model"


def test_a_model_with_its_card_is_written_and_read(stored: tuple[dict[str, Any], Path]) -> None:
    said, folder = stored
    model = read(folder)
    assert model.name == "pattern_outcome/2.0.0"
    assert {**model.card, **said} == dict(model.card)


def test_it_names_what_it_was_trained_on_and_when_it_may_speak(
    made: TrainingSet, stored: tuple[dict[str, Any], Path]
) -> None:
    training = stored[0]["training"]
    assert training["events"] == (~is_held_out(made.stated)).sum()
    assert training["sha256"] == made.digest
    assert training["files"][0]["licence"] == "none needed"
    assert set(training["held_out_symbols"]) == set(made.stated.symbol[is_held_out(made.stated)])
    assert training["to"] < stored[0]["usable_from"]


def test_it_says_what_it_did_not_find(stored: tuple[dict[str, Any], Path]) -> None:
    said, _ = stored
    assert said["heads"]["direction"]["status"] == "no measurable lift"
    assert said["heads"]["direction"]["shrinkage"] == 0
    assert any("Of direction no skill" in one for one in said["limitations"])


def test_ranges_hold_on_walks_of_constant_volatility(stored: tuple[dict[str, Any], Path]) -> None:
    ranges = stored[0]["ranges"]
    for way in ("up", "down"):
        for row in ranges["coverage"][way]:
            assert row == pytest.approx(ranges["quantiles"], abs=0.06)


def test_the_page_is_placed_between_its_marks_and_nowhere_else(stored: tuple[dict[str, Any], Path]) -> None:
    said, folder = stored
    page = (folder / "card.md").read_text()
    assert "## Limitations" in page
    ranges = card_page.RANGES_BEGIN, card_page.RANGES_END
    assert card_page.placed(
        f"before\n{card_page.BEGIN}old\n{card_page.END}after\n{ranges[0]}old\n{ranges[1]}", said
    ) == (
        f"before\n{card_page.BEGIN}{card_page.summary(said)}{card_page.END}after\n"
        f"{ranges[0]}{card_page.ranges_summary(said)}{ranges[1]}"
    )
    with pytest.raises(ValueError, match="no place"):
        card_page.placed("no marks", said)


def test_the_picture_has_a_dot_for_each_bin(stored: tuple[dict[str, Any], Path]) -> None:
    said, _ = stored
    root = ElementTree.fromstring(plot(said))
    assert len(root.findall("{*}circle")) == len(said["evaluation"]["reliability"]) == 15
