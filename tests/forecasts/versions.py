"""Further versions of a model: the same trees, each with a card of its own."""

import json
from pathlib import Path
from shutil import copytree
from typing import Any

from django.utils import timezone

from forecasts.models import ModelVersion
from forecasts.services.registry import register_all


def add(models: Path, version: str, **other: Any) -> ModelVersion:
    """Register a version whose card says something else."""
    folder = Path(copytree(models, models.parent / version))
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, "version": version, **other}))
    register_all(timezone.now())
    return ModelVersion.objects.get(version=version)
