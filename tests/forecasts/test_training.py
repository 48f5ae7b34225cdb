"""Training on stored series: one candidate of the same, with a version and a folder of its own, never served by it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.management import CommandError, call_command
from django.utils import timezone
from structlog.testing import capture_logs

from forecasts.errors import NoPlaceForModels, RegistryError, TrainingRefused, TrainingStopped
from forecasts.models import Examination, ModelVersion, Status
from forecasts.selectors import known_model, known_models
from forecasts.served import served
from forecasts.services.candidates import keep_candidate
from forecasts.services.registry import promote, register_all
from forecasts.services.training import Wanted, train
from forecasts.stored_cards import folder_of
from forecasts.training_folder import ROOM
from market.selectors import resolve
from tests.forecasts import trainable

pytestmark = pytest.mark.django_db
NAME = "pattern_outcome"


@pytest.fixture
def place(models: Path, settings: Any, tmp_path: Path) -> Path:
    """The folder of models that are trained here, beside a copy of those that ship."""
    settings.TRAINED_MODELS_DIR = str(tmp_path / "trained")
    settings.TRAINING_WALK_SEEDS = 0
    return tmp_path / "trained"


def wanted(owner: AbstractUser | None, universe: str = trainable.ENOUGH, timeframe: str = "1d") -> Wanted:
    found = resolve(owner, universe=universe, timeframe=timeframe)
    ids = [one.series_id for one in found if one.series_id is not None]
    return Wanted(ids, f"universe {universe}", timeframe, None if owner is None else owner.pk)


def untold(stage: str, done: int, total: int) -> None:
    """Hear nothing."""


def rooms(place: Path) -> list[Path]:
    return list(place.glob(f"{ROOM}*"))


# Without a transaction about it: PostgreSQL ends one in which nothing is asked while a model is trained.
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(900)
def test_a_universe_becomes_one_candidate_however_often(
    place: Path, owner: AbstractUser, stranger: AbstractUser
) -> None:
    trainable.store()
    stages: list[str] = []
    asked = wanted(owner)
    trained = train(asked, now=timezone.now(), tell=lambda stage, *_: stages.append(stage))
    row = keep_candidate(trained, now=timezone.now())
    assert list(dict.fromkeys(stages)) == ["read", "events", "gates", "card"]
    assert (str(row), row.status, row.owner) == ("pattern_outcome/2.0.1000", Status.CANDIDATE, owner)
    assert folder_of(NAME, row.version) == place / NAME / "2.0.1000"
    assert {path.name for path in folder_of(NAME, row.version).iterdir()} == {"card.json", "card.md", "model.ubj"}
    assert "# pattern_outcome 2.0.1000" in (folder_of(NAME, row.version) / "card.md").read_text()
    assert rooms(place) == []
    assert Examination.objects.get(version="2.0.1000").code == ""
    assert served().version == "2.0.0"

    # Once more, and in another order of symbols: the same, and nothing is trained.
    with capture_logs() as logs:
        again = train(asked._replace(series_ids=asked.series_ids), now=timezone.now(), tell=untold)
    assert keep_candidate(again, now=timezone.now()) == row
    assert [one for one in logs if one["event"] == "training_began"] == []

    # Only who has trained it, and staff, see it; nobody registers it a second time, as everybody's.
    assert register_all(timezone.now())[0].version == "2.0.0"
    assert known_model(NAME, row.version, owner) is not None
    assert known_model(NAME, row.version, stranger) is None
    assert [one.card["version"] for one in known_models(stranger)] == ["2.0.0"]
    assert [one.card["version"] for one in known_models()] == ["2.0.1000", "2.0.0"]

    # A gate was not run, so it cannot be served.
    with pytest.raises(RegistryError, match="G4"):
        promote(row.pk, actor=owner, now=timezone.now())

    # Files that are gone are made again, under the version that they had.
    os.unlink(folder_of(NAME, row.version) / "card.json")
    repaired = keep_candidate(train(asked, now=timezone.now(), tell=untold), now=timezone.now())
    assert (repaired.pk, repaired.sha256) == (row.pk, row.sha256)
    assert json.loads((place / NAME / "2.0.1000" / "card.json").read_text())["version"] == "2.0.1000"
    assert ModelVersion.objects.exclude(trained_with=None).count() == 1


def test_a_universe_too_small_is_refused_with_both_numbers(place: Path) -> None:
    trainable.store(count=trainable.FEW)
    with pytest.raises(TrainingRefused) as refused:
        train(wanted(None, trainable.TOO_FEW), now=timezone.now(), tell=untold)
    assert (refused.value.code, refused.value.needed) == ("too_few_events", 2_000)
    assert f"{refused.value.found:,} events" in refused.value.detail
    with pytest.raises(CommandError, match=r"too_few_events: .* at least 2,000 are needed"):
        call_command("train_model", universe=trainable.TOO_FEW)
    assert rooms(place) == []
    assert not ModelVersion.objects.exists()


def test_who_says_no_ends_the_process_and_leaves_nothing(place: Path) -> None:
    trainable.store()
    reached: list[str] = []
    with capture_logs() as logs, pytest.raises(TrainingStopped):
        train(
            wanted(None),
            now=timezone.now(),
            should_continue=lambda: "gates" not in reached,
            tell=lambda stage, *_: reached.append(stage),
        )
    (began,) = [one for one in logs if one["event"] == "training_began"]
    with pytest.raises(ProcessLookupError):
        os.kill(began["process"], 0)
    assert rooms(place) == []


@pytest.mark.parametrize("folder", ["", "in the place of a folder"])
def test_without_a_place_for_models_none_is_trained(folder: str, settings: Any, tmp_path: Path) -> None:
    if folder:
        (tmp_path / folder).write_text("a file")
    settings.TRAINED_MODELS_DIR = str(tmp_path / folder) if folder else ""
    with pytest.raises(NoPlaceForModels) as refused:
        train(Wanted([], "nothing", "1d", None), now=timezone.now(), tell=untold)
    assert refused.value.code == "no_place_for_models"


def test_bars_of_hours_are_refused(place: Path) -> None:
    with pytest.raises(TrainingRefused) as refused:
        train(Wanted([], "nothing", "1h", None), now=timezone.now(), tell=untold)
    assert refused.value.code == "timeframe_not_trained"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"universe": "none"}, "universe_not_found|unknown_universe"),
        ({"universe": trainable.ENOUGH, "owner": "nobody"}, "There is no user 'nobody'"),
        ({"universe": trainable.ENOUGH, "timeframe": "7x"}, "timeframe"),
    ],
)
def test_the_command_says_what_it_cannot_find(place: Path, asked: dict[str, str], said: str) -> None:
    trainable.store(count=1)
    with pytest.raises(CommandError, match=said):
        call_command("train_model", **asked)
