"""The cards of the models on disk, read without parsing any trees: who only shows or names a model needs no more."""

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.conf import settings

# As ml.artifact has them, which a process without the library cannot import.
CARD, TREES, PAGE = "card.json", "model.ubj", "card.md"
MOST_BYTES, MOST_TREES_BYTES = 2 * 1024 * 1024, 16 * 1024 * 1024
NAME, VERSION = r"[a-z][a-z0-9_]{0,63}", r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}"
State = tuple[int, int, int] | None


class StoredCard(NamedTuple):
    """What a card says, and the sha256 of its bytes."""

    card: dict[str, Any]
    sha256: str

    @property
    def gates(self) -> list[dict[str, Any]]:
        """Return the gates that the card has, as far as they are objects."""
        gates = self.card.get("gates")
        return [gate for gate in gates if isinstance(gate, dict)] if isinstance(gates, list) else []


def trained_root() -> Path | None:
    """Return where the models are that were trained here; None where none are."""
    return Path(settings.TRAINED_MODELS_DIR) if settings.TRAINED_MODELS_DIR else None


def folder_of(name: str, version: str) -> Path:
    """Return the folder of a model: of one that was trained here where there is none of that version in MODELS_DIR.

    Raises ValueError for what cannot be a name or a version.
    """
    if not re.fullmatch(NAME, name) or not re.fullmatch(VERSION, version):
        raise ValueError(f"{name}/{version} names no model.")
    shipped, trained = Path(settings.MODELS_DIR) / name / version, trained_root()
    if trained is None or shipped.exists() or not (trained / name / version).exists():
        return shipped
    return trained / name / version


def is_trained_here(name: str, version: str) -> bool:
    """Return whether the files of a model are those of one that was trained here."""
    return trained_root() in folder_of(name, version).parents


def state_of(path: Path) -> State:
    """Return what changes when a file is written again or replaced, and None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def stored_card(name: str, version: str) -> StoredCard | None:
    """Return the card of a model, or None where there is none that can be read."""
    try:
        path = folder_of(name, version) / CARD
    except ValueError:  # settings may have any text
        return None
    return _read(path, state_of(path))


def stored_cards(*, trained: bool = True) -> Iterator[StoredCard]:
    """Yield the cards of the models on disk, or of those not trained here, by name, the newest of each first."""
    found = set()
    roots = [Path(settings.MODELS_DIR), trained_root() if trained else None]
    for path in (path for root in roots if root is not None for path in root.glob(f"*/*/{CARD}")):
        name, version = path.parts[-3:-1]
        if re.fullmatch(NAME, name) and re.fullmatch(VERSION, version):
            found.add((name, tuple(-int(part) for part in version.split(".")), version))
    for name, _, version in sorted(found):
        if (one := stored_card(name, version)) is not None:
            yield one


def sha256_of_trees(name: str, version: str) -> str | None:
    """Return the sha256 of a model's trees: None where they cannot be read, "" of more than any model has."""
    try:
        with (folder_of(name, version) / TREES).open("rb") as file:
            raw = file.read(MOST_TREES_BYTES + 1)
    except OSError:
        return None
    return sha256(raw).hexdigest() if len(raw) <= MOST_TREES_BYTES else ""


@lru_cache(maxsize=32)
def _read(path: Path, state: State) -> StoredCard | None:
    if state is None:
        return None
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
        card = orjson.loads(text)  # which reads nothing that it could not write into an answer
    except (OSError, ValueError):
        return None
    named = isinstance(card, dict) and (card.get("name"), card.get("version")) == path.parts[-3:-1]
    return StoredCard(card, sha256(text).hexdigest()) if named and len(text) <= MOST_BYTES else None
