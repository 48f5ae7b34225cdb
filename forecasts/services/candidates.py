"""Keep a model that was trained here: a version of its own, its files, and its row as a candidate, all or nothing."""

import json
import os
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.db import IntegrityError, transaction

from forecasts.loading import examined
from forecasts.models import DeletedVersion, ModelVersion, Status
from forecasts.served import Served
from forecasts.services.training import Trained
from forecasts.stored_cards import CARD, PAGE, TREES
from forecasts.training_folder import demand_place, room
from ml.card_page import page
from ml.family import PATTERNS

# Third numbers from here on are of models trained here, so that none is ever that of a model that ships.
FIRST_OWN = 1_000
TRIES = 5


def keep_candidate(trained: Trained, *, now: datetime) -> ModelVersion:
    """Return the candidate's row; with the caller's transaction it is there or is not, and its files lie in its folder.

    Trained with the same as an earlier one whose files are gone, or are others, it takes that one's version; one that
    is or was served stays as it was registered.
    """
    if trained.known is not None:
        return trained.known
    with transaction.atomic():
        earlier = ModelVersion.objects.select_for_update().filter(trained_with=trained.trained_with).first()
        if earlier is None:
            row, text = _registered(trained, now)
        else:
            row, text = earlier, _named(trained.card, earlier.version)
            known = sha256(text.encode()).hexdigest()
            if known != row.sha256 and row.status != Status.CANDIDATE:
                return row  # on another machine sums are rounded otherwise
            row.sha256 = known
            row.save(update_fields=["sha256"])
        _put(row, text, trained.trees)
        transaction.on_commit(partial(examined, Served(row.name, row.version, row.sha256)), robust=True)
    return row


def _registered(trained: Trained, now: datetime) -> tuple[ModelVersion, str]:
    for tries_left in reversed(range(TRIES)):
        version = _next_version()
        text = _named(trained.card, version)
        try:
            with transaction.atomic():
                row = ModelVersion.objects.create(
                    name=PATTERNS.name,
                    version=version,
                    sha256=sha256(text.encode()).hexdigest(),
                    registered_at=now,
                    owner_id=trained.owner_id,
                    trained_with=trained.trained_with,
                )
        except IntegrityError:
            # Somebody else has taken the number in the same moment.
            if not tries_left:
                raise
        else:
            return row, text
    raise AssertionError("unreachable")


def _next_version() -> str:
    major, minor, _ = PATTERNS.version.split(".")
    of_line = {"name": PATTERNS.name, "version__startswith": f"{major}.{minor}."}
    there = ModelVersion.objects.filter(**of_line).values_list("version")
    # In one statement: what is deleted between two would be in neither.
    known = there.union(DeletedVersion.objects.filter(**of_line).values_list("version"))
    last = max((int(version.rpartition(".")[2]) for (version,) in known), default=0)
    return f"{major}.{minor}.{max(last + 1, FIRST_OWN)}"


def _named(card: bytes, version: str) -> str:
    return _text({**json.loads(card), "version": version})


def _text(card: dict[str, Any]) -> str:
    return json.dumps(card, indent=1, allow_nan=False, sort_keys=True) + "\n"


def _put(row: ModelVersion, text: str, trees: bytes) -> None:
    """Put the files in their place as one; what lies there is of a worker that died before its row was written."""
    place = demand_place() / row.name / row.version
    place.parent.mkdir(exist_ok=True)
    with room() as folder:
        made = folder / row.version
        made.mkdir()
        for name, data in ((TREES, trees), (CARD, text.encode()), (PAGE, page(json.loads(text)).encode())):
            _write(made / name, data)
        rmtree(place, ignore_errors=True)
        os.rename(made, place)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
