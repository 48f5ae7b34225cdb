"""The folder in which models are trained and kept, and rooms in it for one training each."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from django.conf import settings

from forecasts.errors import NoPlaceForModels
from forecasts.stored_cards import trained_root

ROOM = ".training-"


def demand_place() -> Path:
    """Return the folder of models that are trained here, made if it was not there. Raises NoPlaceForModels."""
    root = trained_root()
    if root is None:
        raise NoPlaceForModels("Models are not trained here: TRAINED_MODELS_DIR names no folder.")
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoPlaceForModels(f"The folder of trained models cannot be made: {error.strerror}.") from None
    if not os.access(root, os.W_OK | os.X_OK):
        raise NoPlaceForModels("The folder of trained models cannot be written to.")
    return root


@contextmanager
def room() -> Iterator[Path]:
    """Give an empty folder beside the models, and take it away with all that is in it. Raises NoPlaceForModels."""
    root = demand_place()
    _clear(root)
    folder = Path(mkdtemp(prefix=ROOM, dir=root))
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def _clear(root: Path) -> None:
    """Take away what workers have left that were killed; what is younger than any training may be at work."""
    for left in root.glob(f"{ROOM}*"):
        try:
            if time.time() - left.stat().st_mtime > 2 * settings.TRAINING_LIMIT_SECONDS:
                rmtree(left, ignore_errors=True)
        except FileNotFoundError:  # its own worker was faster
            continue
