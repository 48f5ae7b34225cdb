"""Beat's tasks on models: who reads them says what was found."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from forecasts.models import Examination, Fallback, ModelReport
from forecasts.served import served_card
from forecasts.services.shadowing import put_in_shadow
from ml.artifact import TREES
from ml.family import PATTERNS
from tasks.forecasts import drift, score
from tests.analysis.shipped import ROOT
from tests.forecasts.test_fallback import BAD, scored
from tests.forecasts.versions import add

NAME, VERSION = PATTERNS.name, PATTERNS.version

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MODELS_DIR, settings.CANDLESTICK_MODEL_VERSION = tmp_path / "models", ""
    return Path(copytree(ROOT / "ml_models" / NAME / VERSION, settings.MODELS_DIR / NAME / VERSION))


def test_the_served_model_and_the_shadow_are_read_and_compared_with_every_score(
    owner: AbstractUser, folder: Path
) -> None:
    put_in_shadow(add(folder, "2.0.1").pk, actor=owner, now=timezone.now())
    ModelReport.objects.all().delete()
    (folder.parent / "2.0.1" / TREES).write_bytes(b"other")
    score()
    assert dict(Examination.objects.values_list("version", "code")) == {VERSION: "", "2.0.1": "checksum"}
    assert ModelReport.objects.get(kind="compared").figures["missing"] == 500


def test_with_the_weekly_look_at_drift_a_model_falls_back_that_is_worse(folder: Path) -> None:
    found = served_card()
    assert found is not None
    scored(found.sha256, BAD)
    drift()
    assert Fallback.objects.get().model == f"{NAME}/{VERSION}"
    assert set(ModelReport.objects.values_list("kind", flat=True)) == {"recent", "drift"}
