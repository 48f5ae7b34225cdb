"""Put a registered model in shadow, or take it out."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from forecasts.errors import RegistryError
from forecasts.models import ModelVersion
from forecasts.services.shadowing import put_in_shadow, take_out_of_shadow


class Command(BaseCommand):
    """Have a model asked beside the served one, as the admin does."""

    help = "Have a registered model asked beside the served one: what it says is kept and answered to nobody."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which model, and on whose behalf."""
        parser.add_argument("model", help="name/version, as register_models prints it")
        parser.add_argument("--out", action="store_true", help="take it out of shadow")
        parser.add_argument("--by", required=True, help="the staff account that the audit log names")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say so."""
        name, _, version = options["model"].partition("/")
        row = ModelVersion.objects.filter(name=name, version=version).first()
        if row is None:
            raise CommandError(f"{options['model']} is not registered.")
        actor = get_user_model().objects.filter(username=options["by"], is_staff=True, is_active=True).first()
        if actor is None or not actor.has_perm("forecasts.change_modelversion"):
            raise CommandError(f"{options['by']} is no staff account that may change models.")
        try:
            if options["out"]:
                take_out_of_shadow(row.pk, actor=actor)
            else:
                put_in_shadow(row.pk, actor=actor, now=timezone.now())
        except RegistryError as refused:
            raise CommandError(refused.detail) from None
        self.stdout.write(f"{row} is {'out of' if options['out'] else 'in'} shadow.")
