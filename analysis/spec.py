"""What an entry of the catalogue says about itself, beside the function that computes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.params import Param, Value

Floats = NDArray[np.float64]
# Columns in and columns out; a pattern takes the bars and returns events.
Compute = Callable[..., Any]
Warmup = Callable[[Mapping[str, Value]], int]
History = Literal["window", "converging", "path", "cumulative"]


@dataclass(frozen=True, slots=True)
class Output:
    """One column: its unit (price, percent, volume, …), its range, and its value on a flat series.

    `flat` is the value while the series has always been flat, `halted` the value once it has become flat for longer
    than the entry's history; NaN means unknown, None that the value depends on the past.
    """

    name: str
    unit: str
    low: float | None = None
    high: float | None = None
    flat: float | Literal["price"] | None = None
    halted: float | Literal["price"] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A computation with everything that must be known to use and to check it.

    `inputs` are column names; one named `source` is the series the user chooses. `warmup` is the number of leading NaN
    outputs, `converged_after` the number of bars until the seed weighs less than 1e-6.
    """

    name: str
    title: str
    category: str
    inputs: tuple[str, ...]
    outputs: tuple[Output, ...]
    params: tuple[Param, ...]
    warmup: Warmup
    history: History
    source: str
    compute: Compute
    aliases: tuple[str, ...] = ()
    converged_after: Warmup | None = None
    undefined_when: str = ""
    default_source: str = "close"
    cost_us: float = 10.0  # microseconds per 500 bars
    kind: str = "indicator"
    notes: str = field(default="")

    @property
    def takes_source(self) -> bool:
        return "source" in self.inputs

    def defaults(self) -> dict[str, Value]:
        return {param.name: param.default for param in self.params}

    def to_dict(self) -> dict[str, Any]:
        """Return the entry for the catalogue."""
        defaults = self.defaults()
        return {
            "name": self.name,
            "title": self.title,
            "kind": self.kind,
            "category": self.category,
            "aliases": list(self.aliases),
            "inputs": list(self.inputs),
            "source_default": self.default_source if self.takes_source else None,
            "params": [param.to_dict() for param in self.params],
            "outputs": [
                {"name": output.name, "unit": output.unit, "minimum": output.low, "maximum": output.high}
                for output in self.outputs
            ],
            "warmup": self.warmup(defaults),
            "history": self.history,
            "converged_after": self.converged_after(defaults) if self.converged_after else None,
            "undefined_when": self.undefined_when or None,
            "source": self.source,
            "notes": self.notes or None,
        }
