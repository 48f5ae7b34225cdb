"""What an entry of the catalogue says about itself, beside the function that computes it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any, Literal, NamedTuple, TypeVar

from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.catalog.params import Param, Value
from analysis.events import Event

Columns = tuple[Floats, ...]
Found = TypeVar("Found")
Compute = Callable[..., Floats | Columns]
Warmup = Callable[[Mapping[str, Value]], int]
History = Literal["window", "converging", "path", "cumulative"]
Running = Literal["sum", "product"]
Flat = float | Literal["price", "held"] | None

# How an output grows with the price and with the volume: an exponent each. "source" is whatever its source is.
UNITS: dict[str, tuple[int, int]] = {
    "price": (1, 0),
    "source": (1, 0),
    "source²": (2, 0),
    "volume": (0, 1),
    "price × volume": (1, 1),
    "price² / volume": (2, -1),
    "price / volume": (1, -1),
    "percent": (0, 0),
    "points": (0, 0),
    "ratio": (0, 0),
    "direction": (0, 0),
    "strength": (0, 0),
    "count": (0, 0),
}
UNKNOWN = nan
HELD: Literal["held"] = "held"
PRICE: Literal["price"] = "price"


class DetectionContext(NamedTuple):
    """What a detector is given: the bars, its entry's columns and parameters, and what one run's detectors share.

    `column` computes the column of an analysis, such as `rsi(14)`, on these bars. Events confirmed before the bar
    `start` are not asked for; a detector may leave them out.
    """

    bars: Bars
    columns: Columns
    values: Mapping[str, Value]
    shared: dict[Hashable, Any]
    column: Callable[[str], Floats]
    start: int = 0

    def once(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return what `find` came to when this run first asked for `key`."""
        if key not in self.shared:
            self.shared[key] = find()
        found: Found = self.shared[key]
        return found


Detect = Callable[[DetectionContext], Sequence[Event]]


@dataclass(frozen=True, slots=True)
class Output:
    """One column: its unit, its inclusive range, and its values without movement.

    `constant_value` is the value while price has never moved (volume goes on), `settled_value` that long after price
    and volume have stopped: a number, UNKNOWN, PRICE (the price itself), HELD (it settles on a value of its past) or
    None (it depends on the past and may go on moving).
    """

    name: str
    unit: str
    low: float | None = None
    high: float | None = None
    constant_value: Flat = field(kw_only=True)
    settled_value: Flat = field(kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the output for the catalogue."""
        return {"name": self.name, "unit": self.unit, "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Entry:
    """A computation with everything that must be known to use and to check it.

    `inputs` are column names; one named `source` is the series the user chooses. `warmup` is the number of leading NaN
    outputs, `converged_after` the number of bars until the seed weighs less than 1e-6. `ascending` names parameters
    each of which is above the one before. A pattern has a `detect` that makes events of its columns, and some have a
    `forming` for what may become one. `accumulates` says
    that a cumulative entry's steps do not depend on where it begins: they add up, or multiply. One
    whose `warmup_is_minimum` waits after its warm-up for something to happen. One that `depends_on_price_digits` goes
    by the digits of a price, which are others in another currency. One that `needs_positive_prices` (logarithms, shares
    and percent of a price) is refused on bars of which one is not above zero; any other is computed on these as well.
    One that is `deprecated` says until when it answers, and what to ask for instead.
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
    ascending: tuple[str, ...] = ()
    cost_us: float = 10.0  # microseconds per 500 bars
    detect: Detect | None = None
    forming: Detect | None = None
    notes: str = ""
    accumulates: Running | None = None
    warmup_is_minimum: bool = False
    depends_on_price_digits: bool = False
    needs_positive_prices: bool = False
    deprecated: str = ""

    @property
    def is_incremental(self) -> bool:
        """Return whether appended bars can be answered from a state: its past is bounded, or is one running total."""
        bounded = self.history in ("window", "converging") or self.accumulates is not None
        return self.kind == "indicator" and bounded and not {"benchmark", "session"} & set(self.inputs)

    @property
    def remembers_its_start(self) -> bool:
        """Return whether its values depend, for a while or for ever, on the bar that it begins with."""
        return self.converged_after is not None or self.history == "cumulative"

    @property
    def kind(self) -> str:
        """Return `pattern` for what answers events, else `indicator`."""
        return "indicator" if self.detect is None else "pattern"

    @property
    def is_of_positive_prices(self) -> bool:
        """Return whether it is refused on others: shapes are too, for what is left to a target is a share of price."""
        return self.needs_positive_prices or (self.kind == "pattern" and self.category != "candlesticks")

    @property
    def takes_source(self) -> bool:
        """Return whether the user chooses the series it works on."""
        return "source" in self.inputs

    def defaults(self) -> dict[str, Value]:
        """Return the default of every parameter by name."""
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
            "outputs": [output.to_dict() for output in self.outputs],
            "warmup": self.warmup(defaults),
            "history": self.history,
            "converged_after": self.converged_after(defaults) if self.converged_after else None,
            "undefined_when": self.undefined_when or None,
            "source": self.source,
            "notes": " ".join(filter(None, (self._order(), self.notes, self.deprecated, self._sign()))) or None,
        }

    def _order(self) -> str:
        return f"{' < '.join(self.ascending)}." if self.ascending else ""

    def _sign(self) -> str:
        return "Needs prices above zero." if self.is_of_positive_prices else ""
