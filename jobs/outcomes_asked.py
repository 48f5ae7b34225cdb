"""What is asked of the served model: `pattern_outcome`, what it says of a plan's events, and `expected_range`.

The first is no part of a plan. It stands in the list of analyses as a name; the numeric core knows no model, so the
name is taken out before the list is parsed, and the answer is added after the run. In a condition it has outputs, which
are handed to the run as columns, as all of `expected_range` is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import Plan
from analysis.errors import Fault, PlanError
from analysis.items import alias_of
from analysis.language.handed import HandedCall
from forecasts.served import EXPECTED_RANGE, PATTERN_OUTCOME
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


def horizons(plan: Plan) -> list[int]:
    """Return in how many bars the range is asked for by itself; a condition on it asks for no answer of its own."""
    return [call.horizon for call in plan.handed_calls if call.word == EXPECTED_RANGE]


def asks_ranges_alone(analyses: Sequence[Any]) -> bool:
    """Return whether ranges are all that is asked for, so that no pattern needs to be looked for."""
    try:
        items = Plan.parse(analyses).items
    except PlanError:
        return False
    return all(isinstance(item.node, HandedCall) for item in items)


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
    if not (place.isascii() and place.isdigit()) or int(place) >= len(places):
        return fault
    return Fault(f"/{places[int(place)]}{slash}{inner}", fault.code, fault.detail)
