"""Series, and entries of the catalogue called with every parameter decided."""

# ruff: noqa: RUF009 (kept() returns a dataclasses.field)

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.catalog.params import Value
from analysis.language.part import Part, Put, kept, plain
from analysis.price_series import ALWAYS_KNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Series(Part):
    """A column of the bars, a price made of them, or with a dot in its name a column that who calls hands over."""

    name: str
    means: str = kept()
    depth: int = kept()

    def __post_init__(self) -> None:
        """Keep what it means."""
        self._keep(self.name)

    @property
    def is_handed(self) -> bool:
        """Return whether it is not of the bars."""
        return "." in self.name

    def put(self, of: Put) -> str:
        """Return the name."""
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class Call(Part):
    """An entry with every parameter decided and, where it takes one, the series it works on."""

    entry: str
    values: tuple[tuple[str, Value], ...]
    source: Part | None = None
    means: str = kept()
    depth: int = kept()
    parts: tuple[Part, ...] = kept()
    # Asked for on every run, so worked out once.
    spec: Entry = kept()
    warmup: int = kept()
    converged_after: int = kept()
    columns: tuple[str, ...] | None = kept()
    takes_volume: bool = kept()
    arguments: dict[str, Value] = kept()
    remembers_its_start: bool = kept()
    compute: Callable[..., Any] = kept()
    take: Callable[[Mapping[str, Any]], tuple[Any, ...]] = kept()

    def __post_init__(self) -> None:
        """Look up the entry and what it says of these parameters."""
        spec, values = registry.ENTRIES[self.entry], dict(self.values)
        object.__setattr__(self, "parts", () if self.source is None else (self.source,))
        source = "" if self.source is None else self.source.means
        self._keep(f"{self.entry}({self.values!r};{source})", self.parts)
        object.__setattr__(self, "spec", spec)
        object.__setattr__(self, "warmup", spec.warmup(values))
        object.__setattr__(self, "converged_after", spec.converged_after(values) if spec.converged_after else 0)
        object.__setattr__(self, "columns", self._only_columns())
        object.__setattr__(self, "takes_volume", "volume" in (self.columns or ()))
        object.__setattr__(self, "arguments", values)
        object.__setattr__(self, "remembers_its_start", spec.remembers_its_start)
        object.__setattr__(self, "compute", partial(spec.compute, **values) if values else spec.compute)
        names = self.columns or ()
        object.__setattr__(self, "take", itemgetter(*names) if len(names) > 1 else _taker(names))

    def _only_columns(self) -> tuple[str, ...] | None:
        """Return the columns of the bars that it works on, if that is all that it does."""
        own = self.source.name if isinstance(self.source, Series) else ""
        names = tuple(own if name == "source" else name for name in self.spec.inputs)
        return names if set(names) <= {*ALWAYS_KNOWN, "volume"} else None

    def put(self, of: Put) -> str:
        """Return only what is not the default, in the declared order."""
        return self.put_with(of, ())

    def put_with(self, of: Put, more: tuple[str, ...]) -> str:
        """Return the call with further arguments behind its own."""
        spec = self.spec
        parts = [] if self.source is None or self.source == Series(spec.default_source) else [of(self.source)]
        defaults = spec.defaults()
        # A bare name that is also a group's would mean the group.
        everything = self.entry in registry.CATEGORIES
        parts += [f"{name}={plain(value)}" for name, value in self.values if everything or value != defaults[name]]
        parts += more
        return f"{self.entry}({', '.join(parts)})" if parts else self.entry


def _taker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Return what takes one column, or none, as `itemgetter` takes several."""
    return lambda columns: tuple([columns[name] for name in names])


@dataclass(frozen=True, slots=True, eq=False)
class OutputRef(Part):
    """One output of an entry that has several."""

    call: Call
    output: str
    means: str = kept()
    depth: int = kept()
    parts: tuple[Part, ...] = kept()

    def __post_init__(self) -> None:
        """Keep what it means."""
        object.__setattr__(self, "parts", (self.call,))
        self._keep(f"{self.call.means}.{self.output}", self.parts)

    def put(self, of: Put) -> str:
        """Return call.output."""
        return f"{of(self.call)}.{self.output}"
