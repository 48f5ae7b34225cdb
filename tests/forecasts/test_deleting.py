"""Candidates are deleted with their files or not at all, by who may, and never what was served, asked or shipped."""

import os
import threading
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import AbstractUser, Permission
from django.db import connection
from django.test import Client
from django.utils import timezone

from forecasts.errors import RegistryError
from forecasts.models import DeletedVersion, Examination, Fallback, KeptPrediction, ModelReport, ModelVersion, Status
from forecasts.services import candidates, registry
from forecasts.services.candidates import keep_candidate
from forecasts.services.deleting import delete_candidate
from forecasts.services.registry import promote, register_all
from forecasts.services.shadowing import put_in_shadow, take_out_of_shadow
from forecasts.services.training import Trained
from forecasts.stored_cards import folder_of
from forecasts.training_folder import ROOM
from tests.forecasts.ledger_rows import kept

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
LIST = "/admin/forecasts/modelversion/"


@pytest.fixture
def place(models: Path, settings: Any, tmp_path: Path) -> Path:
    """The folder of models that are trained here, beside a copy of the one that ships."""
    settings.TRAINED_MODELS_DIR = str(tmp_path / "trained")
    return tmp_path / "trained"


@pytest.fixture
def made(place: Path, models: Path, owner: AbstractUser) -> ModelVersion:
    return candidate(models, owner, "one")


def candidate(models: Path, owner: AbstractUser, digest: str) -> ModelVersion:
    """Keep a candidate as a training does: the model that ships under a version of its own."""
    card, trees = ((models / name).read_bytes() for name in ("card.json", "model.ubj"))
    return keep_candidate(Trained(owner.pk, digest, {}, None, card, trees), now=NOW)


def rooms(place: Path) -> list[Path]:
    return list(place.glob(f"{ROOM}*"))


def files(row: ModelVersion) -> set[str]:
    return {path.name for path in folder_of(row.name, row.version).glob("*")}


def test_row_and_files_go_together_and_the_version_is_never_given_again(
    place: Path, models: Path, made: ModelVersion, owner: AbstractUser
) -> None:
    assert files(made) == {"card.json", "card.md", "model.ubj"}
    assert Examination.objects.filter(version=made.version).exists()
    assert delete_candidate(made.pk, actor=owner, now=NOW) == "pattern_outcome/2.0.1000"
    assert not ModelVersion.objects.filter(version="2.0.1000").exists()
    assert not Examination.objects.filter(version="2.0.1000").exists()
    assert not (place / "pattern_outcome" / "2.0.1000").exists()
    assert rooms(place) == []
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.object_repr, entry.user) == (DELETION, "pattern_outcome/2.0.1000", owner)
    assert made.sha256 in entry.change_message
    assert str(DeletedVersion.objects.get()) == "pattern_outcome/2.0.1000"
    # The same is trained again under another version: what said 2.0.1000 means what is gone.
    assert str(candidate(models, owner, "one")) == "pattern_outcome/2.0.1001"
    with pytest.raises(RegistryError, match="no such model any more"):
        delete_candidate(made.pk, actor=owner, now=NOW)


def still_there(row: ModelVersion, actor: AbstractUser, why: str) -> None:
    """Have a deletion refused, and nothing changed by it."""
    before, logged, held = ModelVersion.objects.get(pk=row.pk), LogEntry.objects.count(), files(row)
    with pytest.raises(RegistryError, match=why):
        delete_candidate(row.pk, actor=actor, now=NOW)
    assert ModelVersion.objects.get(pk=row.pk) == before
    assert (LogEntry.objects.count(), files(row), DeletedVersion.objects.count()) == (logged, held, 0)


def test_what_is_or_was_served_stays(made: ModelVersion, models: Path, owner: AbstractUser) -> None:
    promote(made.pk, actor=owner, now=NOW, reason="tried")
    still_there(made, owner, "the champion")
    promote(candidate(models, owner, "two").pk, actor=owner, now=NOW, reason="tried")
    still_there(made, owner, "gone back to")
    # However a status came about: that it was served is told by its time.
    ModelVersion.objects.filter(pk=made.pk).update(status=Status.CANDIDATE)
    still_there(made, owner, "was served")


def test_what_the_settings_serve_stays(made: ModelVersion, owner: AbstractUser, settings: Any) -> None:
    settings.MODEL_VERSION = made.version
    still_there(made, owner, "the settings name it")


def test_a_shadow_stays_and_what_it_has_said_keeps_it(made: ModelVersion, owner: AbstractUser) -> None:
    put_in_shadow(made.pk, actor=owner, now=NOW)
    still_there(made, owner, "in shadow")
    take_out_of_shadow(made.pk, actor=owner)
    kept(1, 1, 0.5, sha256=made.sha256)
    still_there(made, owner, "kept predictions")
    KeptPrediction.objects.all().delete()
    delete_candidate(made.pk, actor=owner, now=NOW)


def test_a_fallback_keeps_a_model_when_its_predictions_are_gone(made: ModelVersion, owner: AbstractUser) -> None:
    Fallback.objects.create(sha256=made.sha256, model=str(made), figures={}, fell_back_at=NOW, lifted_at=NOW)
    still_there(made, owner, "kept predictions")


def test_what_ships_stays_by_whatever_row_it_is_named(place: Path, models: Path, owner: AbstractUser) -> None:
    (shipped,) = register_all(NOW)
    copytree(models, models.parent / "9.0.0")
    beside = ModelVersion.objects.create(
        name="pattern_outcome", version="9.0.0", sha256="0" * 64, registered_at=NOW, trained_with="of another"
    )
    for row in (beside, shipped):
        with pytest.raises(RegistryError):
            delete_candidate(row.pk, actor=owner, now=NOW)
    still_there(beside, owner, "not trained here")
    assert files(shipped) == {"card.json", "card.md", "model.ubj"}


@pytest.mark.parametrize("version", ["../../..", "..", ".", "", "2.0.1000/.."])
def test_a_version_that_is_no_folder_takes_none_away(place: Path, owner: AbstractUser, version: str) -> None:
    (place / "pattern_outcome").mkdir(parents=True)
    (place / "kept").write_text("kept")
    row = ModelVersion.objects.create(
        name="pattern_outcome", version=version, sha256="0" * 64, registered_at=NOW, trained_with="hostile"
    )
    delete_candidate(row.pk, actor=owner, now=NOW)
    assert sorted(path.name for path in place.iterdir()) == ["kept", "pattern_outcome"]


def test_a_link_goes_and_what_it_points_to_stays(made: ModelVersion, owner: AbstractUser, tmp_path: Path) -> None:
    folder = folder_of(made.name, made.version)
    os.rename(folder, tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    delete_candidate(made.pk, actor=owner, now=NOW)
    assert not folder.is_symlink()
    assert (tmp_path / "elsewhere" / "card.json").exists()


def test_files_that_are_gone_do_not_keep_a_row(made: ModelVersion, owner: AbstractUser, settings: Any) -> None:
    settings.TRAINED_MODELS_DIR = ""
    delete_candidate(made.pk, actor=owner, now=NOW)
    assert not ModelVersion.objects.exists()


@pytest.mark.parametrize("fails_at", ["mkdtemp", "os.rename"])
def test_files_that_cannot_be_taken_away_keep_the_row(
    place: Path, made: ModelVersion, owner: AbstractUser, monkeypatch: pytest.MonkeyPatch, fails_at: str
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(f"forecasts.services.deleting.{fails_at}", refuse)
    still_there(made, owner, "cannot be taken away: .*Permission denied")
    assert rooms(place) == []
    assert Examination.objects.filter(version=made.version).exists()


def test_a_row_that_stays_gets_its_files_back(
    place: Path, made: ModelVersion, owner: AbstractUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction fails after the files were moved, which is the last that is done in it."""

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("forecasts.services.deleting.transaction.on_commit", broken)
    with pytest.raises(ZeroDivisionError):
        delete_candidate(made.pk, actor=owner, now=NOW)
    assert ModelVersion.objects.filter(pk=made.pk).exists()
    assert files(made) == {"card.json", "card.md", "model.ubj"}
    assert rooms(place) == []
    assert not LogEntry.objects.exists()


def test_of_several_at_once_one_deletes(place: Path, made: ModelVersion, owner: AbstractUser) -> None:
    told: list[str] = []

    def act() -> None:
        try:
            told.append(delete_candidate(made.pk, actor=owner, now=NOW))
        except RegistryError as refused:
            told.append(refused.detail)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(told) == ["There is no such model any more."] * 3 + ["pattern_outcome/2.0.1000"]
    assert (LogEntry.objects.count(), rooms(place)) == (1, [])


def test_promoted_in_the_same_moment_it_is_served_or_gone(made: ModelVersion, owner: AbstractUser) -> None:
    refused: list[str] = []

    def act(verb: Any) -> None:
        try:
            verb()
        except RegistryError as error:
            refused.append(str(error))
        finally:
            connection.close()

    verbs = [
        lambda: delete_candidate(made.pk, actor=owner, now=NOW),
        lambda: promote(made.pk, actor=owner, now=NOW, reason="tried"),
    ]
    threads = [threading.Thread(target=act, args=(verb,)) for verb in verbs]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(refused) == 1
    row = ModelVersion.objects.filter(pk=made.pk).first()
    assert (row is None) == (files(made) == set())
    assert row is None or row.status == Status.CHAMPION


def test_who_serves_or_shadows_what_is_gone_is_told(
    made: ModelVersion, owner: AbstractUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone_meanwhile(row: ModelVersion) -> Any:
        delete_candidate(row.pk, actor=owner, now=NOW)

    pk = made.pk
    monkeypatch.setattr(registry, "proof_of", gone_meanwhile)
    for _ in range(2):  # gone while it was compared, and before anything
        with pytest.raises(RegistryError, match="no such model any more"):
            promote(pk, actor=owner, now=NOW, reason="tried")
    with pytest.raises(RegistryError, match="no such model any more"):
        put_in_shadow(pk, actor=owner, now=NOW)
    with pytest.raises(RegistryError, match="no such model any more"):
        take_out_of_shadow(pk, actor=owner)


def delete(client: Client, *rows: ModelVersion) -> str:
    chosen = {"action": "delete_candidates", "_selected_action": [str(row.pk) for row in rows]}
    answer = client.post(LIST, chosen, follow=True)
    return answer.content.decode()


def test_staff_delete_several_and_read_why_one_stays(
    made: ModelVersion, models: Path, owner: AbstractUser, admin_client: Client
) -> None:
    second = candidate(models, owner, "two")
    promote(second.pk, actor=owner, now=NOW, reason="tried")
    third = candidate(models, owner, "three")
    page = delete(admin_client, made, second, third)
    assert "Deleted: " in page
    assert f"{second} is the champion: only candidates are deleted." in page
    assert list(ModelVersion.objects.values_list("pk", flat=True)) == [second.pk]
    assert ModelReport.objects.filter(sha256=made.sha256).count() == 0


def test_it_takes_the_permission(made: ModelVersion, client: Client, django_user_model: Any) -> None:
    staff = django_user_model.objects.create_user("limited", password="a long password", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=["view_modelversion", "change_modelversion"]))
    client.force_login(staff)
    assert "delete_candidates" not in client.get(LIST).content.decode()
    delete(client, made)
    assert ModelVersion.objects.filter(pk=made.pk).exists()
    staff.user_permissions.add(Permission.objects.get(codename="delete_modelversion"))
    assert "Deleted: pattern_outcome/2.0.1000." in delete(client, made)
    # Django's own page has no files in mind.
    assert client.get(f"{LIST}{made.pk}/delete/").status_code in (302, 403)


def test_a_number_is_new_even_if_the_last_one_was_deleted(
    place: Path, made: ModelVersion, models: Path, owner: AbstractUser
) -> None:
    second = candidate(models, owner, "two")
    delete_candidate(second.pk, actor=owner, now=NOW)
    assert candidates._next_version() == "2.0.1002"
