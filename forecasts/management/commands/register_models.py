"""Register the models on disk, and read them all."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from forecasts.loading import examined
from forecasts.models import ModelVersion
from forecasts.served import Served
from forecasts.services.registry import register_all


class Command(BaseCommand):
    """Register what is new in MODELS_DIR as candidates; none is served by that."""

    help = "Register the models in MODELS_DIR that are not yet, as candidates; none is served by that."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say which are new."""
        made = register_all(timezone.now())
        for row in made:
            self.stdout.write(f"{row}: candidate, card {row.sha256}")
        if not made:
            self.stdout.write("No new model.")
        for row in ModelVersion.objects.order_by("name", "registered_at"):
            found = examined(Served(row.name, row.version, row.sha256))
            if found.model is None:
                self.stdout.write(f"{row} cannot be asked ({found.reason}): {found.detail}")
