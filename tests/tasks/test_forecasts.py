"""Beat's tasks on models: who reads them says what was found."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from forecasts.models import Examination
from forecasts.services.shadowing import put_in_shadow
from ml.artifact import TREES
from ml.card import NAME, VERSION
from tasks.forecasts import score
from tests.analysis.shipped import ROOT
from tests.forecasts.versions import add

pytestmark = pytest.mark.django_db


def test_the_served_model_and_the_shadow_are_read_with_every_score(
    owner: AbstractUser, settings: Any, tmp_path: Path
) -> None:
    settings.MODELS_DIR = tmp_path / "models"
    folder = Path(copytree(ROOT / "ml_models" / NAME / VERSION, settings.MODELS_DIR / NAME / VERSION))
    put_in_shadow(add(folder, "2.0.1").pk, actor=owner, now=timezone.now())
    (folder.parent / "2.0.1" / TREES).write_bytes(b"other")
    score()
    assert dict(Examination.objects.values_list("version", "code")) == {VERSION: "", "2.0.1": "checksum"}
