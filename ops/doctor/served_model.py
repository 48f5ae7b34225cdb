"""Whether the models that are served can be asked, by the rules of this release."""

from forecasts.fallbacks import detail, in_force
from forecasts.loading import examined
from forecasts.served import names_served, served
from ops.doctor.finding import Finding, ok, warning

NAME = "served model"
REMEDY = "Until then chance is answered, and says so: see docs/models.md, Files, and what is refused."
LIFT = "Serve another model, or let this one answer again: see docs/models.md, Fallback."


def check() -> Finding:
    """Read the models as a worker does."""
    sound = []
    for now in map(served, names_served()):
        found = examined(now)
        if found.model is None:
            return warning(f"{now.name}/{now.version} cannot be asked ({found.reason}): {found.detail}", REMEDY)
        if (fallback := in_force(found.model.sha256)) is not None:
            return warning(f"{found.model.name} has fallen back. {detail(fallback)}", LIFT)
        sound.append(found.model.name)
    return ok(f"{' and '.join(sound)}: sound, and trained on events as this release finds them.")
