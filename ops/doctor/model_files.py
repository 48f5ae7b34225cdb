"""Whether the models on disk are those that their cards, and the settings, name."""

from forecasts.selectors import KnownModel, known_models
from forecasts.served import SETTINGS, names_served, served
from forecasts.stored_cards import sha256_of_trees
from ops.doctor.finding import Finding, error, ok, warning

NAME = "model files"
RESTORE = "Put the files of that model back from the release or from where it was trained; look at MODELS_DIR."


def check() -> Finding:
    """Hash the cards of the served models and the trees of each; one that is not as stated is not asked."""
    models = known_models()
    names = []
    for now in map(served, names_served()):
        name = f"{now.name}/{now.version}"
        names.append(name)
        stated = next((one for one in models if _named(one) == name), None)
        version, sha256_of = SETTINGS[now.name]
        if stated is None:
            text = f"The served model {name} is not on disk, or its card cannot be read: chance is answered."
            return error(text, f"{RESTORE} {version} names it where no champion is registered.")
        if now.sha256 and now.sha256 != stated.sha256:
            text = f"The card of {name} has sha256 {stated.sha256}, not {now.sha256}: chance is answered."
            return error(text, f"{RESTORE} If the card is the right one, register it again or set {sha256_of}.")
    if damaged := [_named(one) for one in models if not _is_whole(one)]:
        text = f"The trees of {', '.join(damaged)} are not those that the card names."
        return (error if set(names) & set(damaged) else warning)(text, RESTORE)
    return ok(f"Served: {' and '.join(names)}; the files of {len(models)} models are as their cards say.")


def _named(model: KnownModel) -> str:
    return f"{model.card['name']}/{model.card['version']}"


def _is_whole(model: KnownModel) -> bool:
    trees = sha256_of_trees(model.card["name"], model.card["version"])
    return bool(trees) and trees == model.card.get("sha256")
