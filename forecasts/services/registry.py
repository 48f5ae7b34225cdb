"""The verbs of registered models: register, promote, roll back. What is served never changes without an audit row."""

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from forecasts.errors import RegistryError
from forecasts.fallbacks import detail, in_force
from forecasts.models import Examination, ModelVersion, Status
from forecasts.served import served_card
from forecasts.services.comparing import Proof, proof_of
from forecasts.services.locking import GONE, lock_name_of
from forecasts.stored_cards import sha256_of_trees, stored_card, stored_cards

MOST_REASON = 500


def register_all(now: datetime) -> list[ModelVersion]:
    """Register as candidates those models in MODELS_DIR that are not yet, and return them.

    One that was trained here is registered by who trained it: nobody else knows whose it is.
    """
    made = []
    for found in stored_cards(trained=False):
        name, version = found.card["name"], found.card["version"]
        row, is_new = ModelVersion.objects.get_or_create(
            name=name, version=version, defaults={"sha256": found.sha256, "registered_at": now}
        )
        made += [row] if is_new else []
    return made


def promote(pk: int, *, actor: AbstractBaseUser, now: datetime, reason: str = "") -> ModelVersion:
    """Make a model the one that is served; the one before is retired and kept.

    Raises RegistryError where it is gone, its files are not those that were registered, or a gate of its card did not
    hold; and without a reason where the ledger does not show that it is better than what is served. A reason is written
    down.
    """
    asked = ModelVersion.objects.filter(pk=pk).first()
    if asked is None:
        raise RegistryError(GONE)
    proof = proof_of(asked)  # before the lock: it reads much
    with transaction.atomic():
        chosen, rows = lock_name_of(pk)
        if chosen.status == Status.CHAMPION:
            raise RegistryError(f"{chosen} is champion already.")
        demand_sound(chosen)
        grounds = _grounds(chosen, proof, reason)
        for row in rows:
            if row.status == Status.CHAMPION:
                _retire(row, now)
                note(actor, row, f"Retired for {chosen.version}.")
        chosen.status, chosen.promoted_at, chosen.retired_at = Status.CHAMPION, now, None
        chosen.save(update_fields=["status", "promoted_at", "retired_at"])
        note(actor, chosen, f"Promoted. {grounds}")
    return chosen


def _grounds(chosen: ModelVersion, proof: Proof, reason: str) -> str:
    """Return why a model is promoted, for the audit log. Raises RegistryError where there is no ground."""
    if stated := reason.strip()[:MOST_REASON]:
        return f"Reason: {stated} ({proof.text})"
    if not proof.holds:
        raise RegistryError(
            f"{chosen} is not shown to be better. {proof.text} To serve it all the same, give a reason."
        )
    if proof.champion != (None if (now := served_card(chosen.name)) is None else now.sha256):
        raise RegistryError("Another model is served by now: look at the comparison again.")
    return proof.text


def roll_back(name: str, *, actor: AbstractBaseUser, now: datetime) -> ModelVersion | None:
    """Retire the champion and serve what was before it; None: what the settings name.

    Raises RegistryError where there is no champion, or the files of the one before are not as they were.
    """
    with transaction.atomic():
        rows = list(ModelVersion.objects.select_for_update().filter(name=name).order_by("pk"))
        champion = next((row for row in rows if row.status == Status.CHAMPION), None)
        if champion is None or champion.promoted_at is None:
            raise RegistryError(f"No model is champion of {name}.")
        since = champion.promoted_at
        kept = (Status.RETIRED, Status.SHADOW)
        earlier = [row for row in rows if row.status in kept and row.promoted_at and row.promoted_at < since]
        before = max(earlier, key=lambda row: row.promoted_at or now, default=None)
        if before is not None:
            demand_sound(before)
        _retire(champion, now)
        note(actor, champion, f"Rolled back to {'the settings' if before is None else before.version}.")
        if before is not None:
            # When it was promoted stays: rolled back once more, what was before that one is served.
            before.status, before.retired_at = Status.CHAMPION, None
            before.save(update_fields=["status", "retired_at"])
            note(actor, before, f"Champion again after {champion.version}.")
    return before


def _retire(row: ModelVersion, now: datetime) -> None:
    row.status, row.retired_at = Status.RETIRED, now
    row.save(update_fields=["status", "retired_at"])


def demand_sound(row: ModelVersion) -> None:
    """Raise RegistryError where a model's files are not those that were registered, a gate of its card did not hold,
    it was found unsound when it was last read, or it has fallen back.
    """
    found = stored_card(row.name, row.version)
    if found is None or found.sha256 != row.sha256:
        raise RegistryError(f"The card of {row} is not there, or not the one that was registered.")
    failed = sorted({str(gate.get("code")) for gate in found.gates if not gate.get("passed")})
    if failed or not found.gates:
        raise RegistryError(f"{row} may not be served: {', '.join(failed) or 'its card has no gates'}.")
    trees = sha256_of_trees(row.name, row.version)
    if trees is None:
        raise RegistryError(f"The trees of {row} cannot be read.")
    if not trees or trees != found.card.get("sha256"):
        raise RegistryError(f"The trees of {row} are not those that its card names.")
    if (fallback := in_force(row.sha256)) is not None:
        raise RegistryError(f"{row} has fallen back. {detail(fallback)} Lift that first.")
    # Written down by who has read it. Where nobody has, who is first asked does, and answers chance if it is not sound.
    seen = Examination.objects.filter(name=row.name, version=row.version, sha256=row.sha256).exclude(code="").first()
    if seen is not None:
        raise RegistryError(f"{row} cannot be asked ({seen.code}): {seen.detail}")


def note(actor: AbstractBaseUser, row: ModelVersion, text: str, *, flag: int = CHANGE) -> None:
    """Write down in the audit log that this user has done this to a model."""
    LogEntry.objects.log_actions(actor.pk, [row], flag, change_message=text, single_object=True)
