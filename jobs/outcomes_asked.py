"""What is asked of the served models: `pattern_outcome` and `candlestick_outcome`, what they say of a plan's events,
and `expected_range`.

The first two are no part of a plan. They stand in the list of analyses as names; the numeric core knows no model, so a
name is taken out before the list is parsed, and the answer is added after the run. In a condition they have outputs,
which are handed to the run as columns, as all of `expected_range` is.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from analysis import Plan
from analysis.errors import Fault, PlanError
from analysis.items import alias_of
from analysis.language.handed import HandedCall, asked_of
from forecasts.served import EXPECTED_RANGE, OUTCOMES, PATTERN_OUTCOME
from forecasts.served import sources as model_sources
from ml.family import FAMILIES, Family

NO_PARAMETERS = re.compile(r"\(\s*\)\s*$")


def asked(analyses: Sequence[Any]) -> list[Family]:
    """Return the families whose model is asked; a name that the request gives to something else means that."""
    named, given_away = {_name(given) for given in analyses}, [alias_of(given) for given in analyses]
    return [FAMILIES[name] for name in OUTCOMES if name in named and name not in given_away]


def asks(analyses: Sequence[Any]) -> bool:
    """Return whether a model is asked."""
    return bool(asked(analyses))


def parsed(analyses: Sequence[Any], timeframe: str | None) -> Plan:
    """Return the plan of what is left. Raises PlanError, whose pointers are of the list as it was given.

    Where nothing beside the names answers events, all is looked for that the models were trained on.
    """
    families = asked(analyses)
    if not families:
        return Plan.parse(analyses, timeframe=timeframe)
    names = {family.name for family in families}
    places = [place for place, given in enumerate(analyses) if _name(given) not in names]
    others = [analyses[place] for place in places]
    usual = [category for family in families for category in family.categories]
    try:
        plan = Plan.parse(others, timeframe=timeframe) if others else None
        return plan if plan is not None and plan.patterns else Plan.parse([*others, *usual], timeframe=timeframe)
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


def asked_events(plan: Plan) -> Plan | None:
    """Return the plan of the events that its conditions mean: for each model that they ask, the patterns of its family
    that stand in the plan, else all of it. None where no condition asks of events.
    """
    texts: list[str] = []
    for name in sorted({asked_of(name)[0] for name in plan.handed} & set(OUTCOMES)):
        categories = FAMILIES[name].categories
        texts += [call.text for call in plan.detectors if call.spec.category in categories] or categories
    return Plan.parse(texts) if texts else None


def sources(plan: Plan, analyses: Sequence[Any]) -> dict[str, str]:
    """Return what an answer is computed with: of models the one of patterns, which ranges are of, and all asked."""
    if not needs_model(plan, analyses):
        return plan.sources
    names = {family.name for family in asked(analyses)} | ({asked_of(name)[0] for name in plan.handed} & set(OUTCOMES))
    return {**plan.sources, **model_sources(sorted(names | {PATTERN_OUTCOME}))}


def named(plan: Sequence[str], analyses: Sequence[Any]) -> list[str]:
    """Return the texts or the meaning of the plan of these analyses, and the names that stand among them."""
    return [*plan, *(family.name for family in asked(analyses))]


def _name(given: Any) -> str | None:
    """Return the name of a model that stands as an analysis, with or without empty parameters; None for all else."""
    if isinstance(given, Mapping):
        is_bare = given.keys() <= {"name", "params"} and given.get("params") in (None, {})
        given = given.get("name") if is_bare else None
    name = NO_PARAMETERS.sub("", given).strip().lower() if isinstance(given, str) else None
    return name if name in FAMILIES else None


def _moved(fault: Fault, places: Sequence[int]) -> Fault:
    _, _, rest = fault.pointer.partition("/")
    place, slash, inner = rest.partition("/")
    if not (place.isascii() and place.isdigit()) or int(place) >= len(places):
        return fault
    return Fault(f"/{places[int(place)]}{slash}{inner}", fault.code, fault.detail)
