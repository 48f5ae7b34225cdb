"""An analysis that is no part of a plan: `pattern_outcome`, what the served model says of the plan's events.

It stands in the list of analyses as a name. The numeric core knows no model, so the name is taken out before the list
is parsed, and the answer is added after the run. In a condition it has outputs, which are handed to the run as columns.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import Plan
from analysis.errors import Fault, PlanError
from analysis.items import alias_of
from forecasts.served import PATTERN_OUTCOME
from forecasts.served import sources as model_sources

# What is looked for where nothing beside it answers events: all that the model was trained on.
USUAL = ("chart_patterns", "harmonic", "elliott", "divergence")


def asks(analyses: Sequence[Any]) -> bool:
    """Return whether the model is asked; a name that the request gives to something else means that."""
    return any(map(_is_name, analyses)) and not any(alias_of(given) == PATTERN_OUTCOME for given in analyses)


def parsed(analyses: Sequence[Any], timeframe: str | None) -> Plan:
    """Return the plan of what is left. Raises PlanError, whose pointers are of the list as it was given."""
    if not asks(analyses):
        return Plan.parse(analyses, timeframe=timeframe)
    places = [place for place, given in enumerate(analyses) if not _is_name(given)]
    others = [analyses[place] for place in places]
    try:
        plan = Plan.parse(others, timeframe=timeframe) if others else None
        return plan if plan is not None and plan.patterns else Plan.parse([*others, *USUAL], timeframe=timeframe)
    except PlanError as error:
        raise PlanError([_moved(fault, places) for fault in error.faults]) from None


def needs_model(plan: Plan, analyses: Sequence[Any]) -> bool:
    """Return whether a model is asked, be it for an answer or for a condition."""
    return bool(plan.handed) or asks(analyses)


def asked_events(plan: Plan) -> Plan:
    """Return the plan of the events that a condition means: of the patterns that stand in the plan, else of all."""
    named = [call.text for call in plan.detectors if call.spec.category in USUAL]
    return Plan.parse(named or USUAL)


def sources(plan: Plan, foretells: bool) -> dict[str, str]:
    """Return what an answer is computed with."""
    return {**plan.sources, **model_sources()} if foretells else plan.sources


def named(plan: Sequence[str], analyses: Sequence[Any]) -> list[str]:
    """Return the texts or the meaning of the plan of these analyses, and the name where it stands among them."""
    return [*plan, PATTERN_OUTCOME] if asks(analyses) else list(plan)


def _is_name(given: Any) -> bool:
    if isinstance(given, Mapping):
        return len(given) == 1 and _is_name(given.get("name"))
    return isinstance(given, str) and given.strip().lower() == PATTERN_OUTCOME


def _moved(fault: Fault, places: Sequence[int]) -> Fault:
    _, _, rest = fault.pointer.partition("/")
    place, slash, inner = rest.partition("/")
    if not place.isdigit() or int(place) >= len(places):
        return fault
    return Fault(f"/{places[int(place)]}{slash}{inner}", fault.code, fault.detail)
