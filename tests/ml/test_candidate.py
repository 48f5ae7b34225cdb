"""A candidate is made of series alone, the same every time, and its card says what it was not held against."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ml import golden_events
from ml.artifact import CARD, TREES, read
from ml.candidate import EVENTS, GATES, STAGES, UNNAMED, Candidate, make_candidate
from ml.errors import TooFewEvents
from ml.training_process import MADE
from tests.ml.training_run import COUNT, OF, filled, lines, several, started

pytestmark = pytest.mark.timeout(900)  # a process trains behind all that runs beside it


@dataclass
class Run:
    """What was made, where, and what was told meanwhile."""

    made: Candidate
    folder: Path
    told: list[tuple[str, int, int]] = field(default_factory=list)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    told: list[tuple[str, int, int]] = []
    folder = tmp_path_factory.mktemp("trained") / "model"
    made = make_candidate(several(), OF, folder, seeds=0, tell=lambda *one: told.append(one))
    return Run(made, folder, told)


def test_it_is_a_model_that_can_be_read_and_asked(run: Run) -> None:
    model = read(run.folder, run.made.sha256)
    golden_events.demand_current(model.card)
    assert model.name == f"pattern_outcome/{UNNAMED}"
    assert model.card["timeframes"] == ["1d"]
    assert model.card["training"]["events"] == run.made.events > 2_000
    assert model.card["training"]["files"] == [{"name": OF.title, "licence": "its owner's to know", "sha256": "5" * 64}]


def test_a_gate_that_was_not_run_has_not_held(run: Run) -> None:
    card = json.loads((run.folder / "card.json").read_text())
    assert {gate["code"] for gate in card["gates"]} == {"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G10"}
    assert "G4" in run.made.failed
    assert any("0 were run" in one for one in card["limitations"])
    assert "not run" in (run.folder / "card.md").read_text()


def test_of_its_data_only_so_much_is_said_as_is_known(run: Run) -> None:
    text = (run.folder / "card.md").read_text()
    assert "of the USA" not in text
    assert "nobody has looked at" in text


def test_it_is_told_how_far_it_is(run: Run) -> None:
    assert [stage for stage in STAGES if any(one[0] == stage for one in run.told)] == list(STAGES)
    for stage in STAGES:
        steps = [(done, total) for one, done, total in run.told if one == stage]
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]
    assert (EVENTS, COUNT, COUNT) in run.told
    assert len([one for one in run.told if one[0] == GATES]) > 5


def test_too_few_events_are_refused_before_anything_is_trained(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with pytest.raises(TooFewEvents, match="at least 2,000 are needed") as refused:
        make_candidate(several(4), OF, tmp_path / "model", seeds=0, tell=lambda *one: told.append(one))
    assert 0 < refused.value.found < refused.value.needed == 2_000
    assert {stage for stage, *_ in told} == {EVENTS}
    assert not (tmp_path / "model").exists()


def test_a_process_makes_the_same_files(run: Run, tmp_path: Path) -> None:
    with started(filled(tmp_path, several())) as process:
        told = lines(process)
        process.stdin.close()  # type: ignore[union-attr]
    assert told[-1]["made"]["sha256"] == run.made.sha256
    for name in (TREES, CARD):
        assert (tmp_path / MADE / name).read_bytes() == (run.folder / name).read_bytes()
    assert {line["stage"] for line in told[:-1]} == {"events", "gates", "card"}
