"""Put a model in shadow, and take it out: it is asked beside the served one, and what it says is only kept."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from forecasts.errors import RegistryError
from forecasts.models import ModelVersion, Status
from forecasts.served import is_served
from forecasts.services.comparing import compare_shadow
from forecasts.services.locking import lock_name_of
from forecasts.services.registry import demand_sound, note


def put_in_shadow(pk: int, *, actor: AbstractBaseUser, now: datetime) -> ModelVersion:
    """Ask this model beside the served one from now on; the one that was in shadow is taken out.

    Raises RegistryError where it is gone, served, in shadow already, unsound, or a gate of its card did not hold.
    """
    with transaction.atomic():
        chosen, rows = lock_name_of(pk)
        if chosen.status == Status.SHADOW:
            raise RegistryError(f"{chosen} is in shadow already.")
        if chosen.status == Status.CHAMPION or is_served(chosen):
            raise RegistryError(f"{chosen} is served: it cannot be asked beside itself.")
        demand_sound(chosen)
        for row in rows:
            if row.status == Status.SHADOW:
                _take_out(row)
                note(actor, row, f"Out of shadow for {chosen.version}.")
        chosen.status = Status.SHADOW
        chosen.save(update_fields=["status"])
        note(actor, chosen, "Put in shadow.")
    compare_shadow(chosen.name, now=now)
    return chosen


def take_out_of_shadow(pk: int, *, actor: AbstractBaseUser) -> ModelVersion:
    """Ask this model no longer; what it has said stays in the ledger.

    Raises RegistryError where it is in no shadow, or gone.
    """
    with transaction.atomic():
        row, _ = lock_name_of(pk)
        if row.status != Status.SHADOW:
            raise RegistryError(f"{row} is not in shadow.")
        _take_out(row)
        note(actor, row, "Out of shadow.")
    return row


def _take_out(row: ModelVersion) -> None:
    """Give a model back what it was before: retired, if it was ever served."""
    row.status = Status.CANDIDATE if row.promoted_at is None else Status.RETIRED
    row.save(update_fields=["status"])
