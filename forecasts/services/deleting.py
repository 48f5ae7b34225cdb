"""Delete candidates that were trained here: the row and the files together, and never what was served or asked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from django.contrib.admin.models import DELETION
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from forecasts.errors import NoPlaceForModels, RegistryError
from forecasts.models import DeletedVersion, Examination, Fallback, KeptPrediction, ModelReport, ModelVersion, Status
from forecasts.served import is_served
from forecasts.services.locking import lock_name_of
from forecasts.services.registry import note
from forecasts.stored_cards import folder_of, trained_root
from forecasts.training_folder import ROOM, demand_place

KINDS = {Status.CHAMPION: "the champion", Status.SHADOW: "in shadow", Status.RETIRED: "what may be gone back to"}


def delete_candidate(pk: int, *, actor: AbstractBaseUser, now: datetime) -> str:
    """Delete a model that was trained here and never served, with its files, and return its name.

    Its version is given to no other model. Raises RegistryError where there is none, where it is or was served or
    asked, where it was not trained here, or its files cannot be taken away; then nothing has changed.

    Files go first, aside and in one step, and come back if the row stays. Who is killed in between leaves a row whose
    files are away: it is deleted again, or trained again. What lies aside is cleared by the next training.
    """
    with _given_back_unless_done() as aside, transaction.atomic(durable=True):
        row, _ = lock_name_of(pk)
        _demand_deletable(row)
        named, place = str(row), _place_of(row)
        note(actor, row, f"Deleted, with its files. The card's sha256 was {row.sha256}.", flag=DELETION)
        DeletedVersion.objects.create(name=row.name, version=row.version, sha256=row.sha256, deleted_at=now)
        Examination.objects.filter(name=row.name, version=row.version).delete()
        ModelReport.objects.filter(sha256=row.sha256).delete()
        row.delete()
        if place is not None:
            aside.take(place)
    return named


def _demand_deletable(row: ModelVersion) -> None:
    """Raise RegistryError for a model that somebody may still need, or that would come back."""
    if row.status != Status.CANDIDATE:
        raise RegistryError(f"{row} is {KINDS[Status(row.status)]}: only candidates are deleted.")
    if is_served(row):
        raise RegistryError(f"{row} is served: the settings name it.")
    if row.promoted_at is not None:
        raise RegistryError(f"{row} was served: answers that are stored name it.")
    place = _place_of(row)
    if row.trained_with is None or (place is not None and trained_root() not in place.parents):
        raise RegistryError(f"{row} was not trained here: what lies in MODELS_DIR would be registered again.")
    if KeptPrediction.objects.filter(sha256=row.sha256).exists() or Fallback.objects.filter(sha256=row.sha256).exists():
        raise RegistryError(f"{row} has kept predictions: it counts among the models that others are held against.")


def _place_of(row: ModelVersion) -> Path | None:
    """Return the folder that the model is read from; None where there is none."""
    try:
        place = folder_of(row.name, row.version)
    except ValueError:  # no name that a folder could have
        return None
    return place if place.exists() else None


class _Aside:
    """The files of a model on their way out."""

    def __init__(self) -> None:
        self._moved: tuple[Path, Path] | None = None

    def take(self, place: Path) -> None:
        """Move a model's folder aside. Raises RegistryError where that cannot be."""
        try:
            room = Path(mkdtemp(prefix=ROOM, dir=demand_place()))
            try:
                os.rename(place, room / place.name)
            except OSError:
                room.rmdir()
                raise
        except (OSError, NoPlaceForModels) as error:
            raise RegistryError(f"The files of {place.name} cannot be taken away: {error}") from error
        self._moved = place, room
        transaction.on_commit(partial(rmtree, room, ignore_errors=True), robust=True)

    def give_back(self) -> None:
        """Put them where they were."""
        if self._moved is not None:
            place, room = self._moved
            os.rename(room / place.name, place)
            room.rmdir()


@contextmanager
def _given_back_unless_done() -> Iterator[_Aside]:
    aside = _Aside()
    try:
        yield aside
    except BaseException:
        aside.give_back()
        raise
