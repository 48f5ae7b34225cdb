"""A folder of models of the test's own, which it may damage, and bars with patterns that ship with the project."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from analysis import Bars
from ml.card import NAME, VERSION
from tests.analysis.shipped import ROOT, demo


@pytest.fixture
def models(settings: Any, tmp_path: Path) -> Path:
    """The folder of the served model: a copy of the one that ships."""
    settings.MODELS_DIR = tmp_path / "models"
    return Path(copytree(ROOT / "ml_models" / NAME / VERSION, settings.MODELS_DIR / NAME / VERSION))


@pytest.fixture(scope="session")
def index() -> Bars:
    return demo("SPX", 3_000)
