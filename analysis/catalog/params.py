"""Parameters: their bounds are data, and messages, documents and tests are made from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from analysis.errors import Fault

Value = int | float | str


@dataclass(frozen=True, slots=True)
class Param:
    """One keyword of an entry. `kind` is int, float or choice; bounds are inclusive."""

    name: str
    kind: str
    default: Value
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    title: str = ""

    def fault(self, value: Any) -> tuple[str, str] | None:
        """Return the code and the sentence that say what is wrong with a value, or None."""
        if self.kind == "choice":
            if isinstance(value, str) and value in self.choices:
                return None
            code = "out_of_bounds" if isinstance(value, str) else "wrong_type"
            return code, f"{self.name} is one of {', '.join(self.choices)}, not {value!r}."
        whole = self.kind == "int"
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            return "wrong_type", f"{self.name} is {'a whole number' if whole else 'a number'}, not {value!r}."
        if not (self.low is None or value >= self.low) or not (self.high is None or value <= self.high):
            given = value if abs(value) < 1e15 else "a number as large as that"
            return "out_of_bounds", f"{self.name} is from {self.low:g} to {self.high:g}, not {given}."
        return None

    def to_dict(self) -> dict[str, Any]:
        """Return the parameter for the catalogue."""
        shown = {"name": self.name, "type": self.kind, "default": self.default, "title": self.title}
        if self.kind == "choice":
            return {**shown, "choices": list(self.choices)}
        return {**shown, "minimum": self.low, "maximum": self.high}


def integer(name: str, default: int, low: int = 1, high: int = 5_000, title: str = "") -> Param:
    """Return a whole-number parameter, mostly a period in bars."""
    return Param(name, "int", default, low, high, title=title)


def number(name: str, default: float, low: float, high: float, title: str = "") -> Param:
    """Return a real-number parameter."""
    return Param(name, "float", default, low, high, title=title)


def choice(name: str, default: str, choices: Sequence[str], title: str = "") -> Param:
    """Return a parameter that is one of some words."""
    return Param(name, "choice", default, choices=tuple(choices), title=title)


# What people type for a period, whatever library they come from.
SYNONYMS = {"length": "period", "timeperiod": "period", "window": "period", "n": "period"}


def settle(
    params: Sequence[Param],
    positional: Sequence[Any],
    named: Mapping[str, Any],
    pointer: str,
    *,
    ascending: Sequence[str] = (),
    within: bool = False,
) -> tuple[dict[str, Value], list[Fault]]:
    """Return every parameter's value, defaults filled in, and all that is wrong with those given.

    `ascending` names parameters each of which must be above the one before. `within` tells that the parameters are an
    object at `pointer`/params, so that faults point to each; else they all point to `pointer`.
    """
    known = {param.name: param for param in params}
    given: dict[str, Any] = {}
    faults: list[Fault] = []

    def refuse(name: str, code: str, detail: str) -> None:
        faults.append(Fault(f"{pointer}/params/{name}" if within else pointer, code, detail))

    if len(positional) > len(params):
        faults.append(Fault(pointer, "too_many_parameters", f"Takes {len(params)} parameters, not {len(positional)}."))
    given.update((param.name, value) for param, value in zip(params, positional, strict=False))
    for name, value in named.items():
        canonical = name if name in known else SYNONYMS.get(name, name)
        if canonical not in known:
            refuse(name, "unknown_parameter", f"No parameter {name!r}; known: {', '.join(known) or 'none'}.")
        elif canonical in given:
            refuse(name, "given_twice", f"{canonical} is given twice.")
        else:
            given[canonical] = value
    values: dict[str, Value] = {}
    for param in params:
        value = given.get(param.name, param.default)
        wrong = param.fault(value)
        if wrong is not None:
            refuse(param.name, *wrong)
        values[param.name] = float(value) if param.kind == "float" and not wrong else value
    if not faults:
        for lower, upper in pairwise(ascending):
            if not values[lower] < values[upper]:  # type: ignore[operator]
                refuse(upper, "out_of_bounds", f"{upper} is above {lower}, not {values[upper]} and {values[lower]}.")
    return values, faults
