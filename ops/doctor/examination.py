"""All checks, in the order in which they are shown. A further one is a file with a NAME and a check(), named here."""

from types import ModuleType
from typing import NamedTuple

from django.db import Error as DatabaseFault

from ops.doctor import (
    broker_clock,
    broker_persistence,
    broker_policy,
    database_clock,
    encryption,
    free_space,
    migrations,
    model_files,
    queue_routes,
    served_model,
    versions,
)
from ops.doctor.finding import Finding, Level, error
from ops.redis_info import UNREACHABLE

CHECKS: tuple[ModuleType, ...] = (
    migrations,
    database_clock,
    broker_clock,
    broker_policy,
    broker_persistence,
    queue_routes,
    model_files,
    free_space,
    served_model,
    versions,
    encryption,
)


class Examined(NamedTuple):
    """A check and what it has found."""

    name: str
    finding: Finding


def examine(checks: tuple[ModuleType, ...] = CHECKS) -> list[Examined]:
    """Make all checks; one that gets no answer is an error, and the others go on."""
    return [Examined(module.NAME, _found(module)) for module in checks]


def worst(examined: list[Examined]) -> Level:
    """Return the level of the worst finding."""
    order = list(Level)
    return max((each.finding.level for each in examined), key=order.index, default=Level.OK)


def _found(module: ModuleType) -> Finding:
    # The kind of error only: its text may carry a password out of an address.
    try:
        found: Finding = module.check()
    except DatabaseFault as fault:
        return error(f"The database does not answer ({type(fault).__name__}).", "Look at DATABASE_URL and its server.")
    except UNREACHABLE as fault:
        return error(f"No answer ({type(fault).__name__}).", "Look at BROKER_URL and its server.")
    return found
