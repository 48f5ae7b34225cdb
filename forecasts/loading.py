"""The served models in this process: each read when it is first asked, and again once its files are others.

Read in a worker's child and never before the fork: what the library holds of threads does not survive one. What was
found is written down, for those who show models and cannot read them.
"""

from typing import NamedTuple

import structlog
from django.utils import timezone

from forecasts.examinations import note
from forecasts.fallbacks import WORSE, detail, in_force
from forecasts.served import NO_MODEL, PATTERN_OUTCOME, Served, served, shadow
from forecasts.sound_cards import demand_answerable
from forecasts.stored_cards import CARD, TREES, State, folder_of, state_of
from ml import golden_events
from ml.artifact import Model, read
from ml.errors import ModelRefused

log = structlog.get_logger(__name__)
# What reading a card raises that nobody has vouched for: it may have anything in it.
NOT_A_CARD = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


class Loaded(NamedTuple):
    """The model, or the code of why there is none, and a sentence about it."""

    model: Model | None
    reason: str = ""
    detail: str = ""


_Held = tuple[tuple[Served, State, State], Loaded]
_held: dict[str, _Held] = {}
_shadows: dict[str, _Held] = {}


def loaded(name: str = PATTERN_OUTCOME) -> Loaded:
    """Return the model that answers, or why there is none: it is not sound, or was worse than chance. Never raises for
    what is on disk.
    """
    found = loaded_served(name)
    fallback = None if found.model is None else in_force(found.model.sha256)
    return found if fallback is None else Loaded(None, WORSE, detail(fallback))


def loaded_served(name: str = PATTERN_OUTCOME) -> Loaded:
    """Return the model that is to be served, sound, or why there is none; whether it answers or has fallen back."""
    now = served(name)
    if not now.version:
        return Loaded(None, NO_MODEL, "None is served.")
    _held[name] = _still(_held.get(name), now)
    return _held[name][1]


def asked_beside(name: str = PATTERN_OUTCOME) -> list[Model]:
    """Return the sound models that are asked and answer nobody: the shadow, and a served one that has fallen back."""
    now, known = shadow(name), _shadows.pop(name, None)
    found = None
    if now is not None:
        _shadows[name] = _still(known, now)
        found = _shadows[name][1].model
    fallen = loaded_served(name).model
    fallen = None if fallen is None or in_force(fallen.sha256) is None else fallen
    return [one for one in (found, fallen) if one is not None]


def _still(held: _Held | None, now: Served) -> _Held:
    """Return what is held, read again if another model is meant or its files have changed."""
    try:
        folder = folder_of(now.name, now.version)
    except ValueError as error:
        return (now, None, None), Loaded(None, NO_MODEL, str(error)[:200])
    known_by = now, state_of(folder / CARD), state_of(folder / TREES)
    return held if held is not None and held[0] == known_by else (known_by, examined(now))


def examined(now: Served) -> Loaded:
    """Read a model and hold it against the rules of this release; what is found is written down."""
    found = _read(now)
    note(now.name, now.version, code=found.reason, detail=found.detail, now=timezone.now())
    return found


def _read(now: Served) -> Loaded:
    try:
        model = read(folder_of(now.name, now.version), now.sha256 or None)
        if model.name != f"{now.name}/{now.version}":
            raise ModelRefused("card", "The card is that of another model.")
        golden_events.demand_current(model.card)
        demand_answerable(model.card)
    except ModelRefused as refused:
        log.error("model_refused", model=f"{now.name}/{now.version}", code=refused.code, detail=refused.detail)
        return Loaded(None, refused.code, refused.detail)
    except NOT_A_CARD as error:
        log.error("model_refused", model=f"{now.name}/{now.version}", code="card", detail=repr(error)[:200])
        return Loaded(None, "card", "The card has not what it should have.")
    log.info("model_loaded", model=model.name, sha256=model.sha256)
    return Loaded(model)
