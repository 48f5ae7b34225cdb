"""What a client asks for, after its shape has been checked and before it has become a job.

Each field says itself what it means for the answer and for a repetition; nothing else lists fields.
"""

# ruff: noqa: RUF009 (says() returns a dataclasses.field)
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum
from typing import Any, Literal, NamedTuple

from analysis import Bars

Output = Literal["last", "all"] | int


class Identity(Enum):
    """Whether requests that differ in a field have different answers, which must not stand for each other."""

    VALUE = "by its value"
    MEANING = "by what draft() makes of it: what the plan means, the bars' fingerprints, their timeframe"
    NONE = "not at all"


class Repeat(Enum):
    """What a new job made of an old one asks for."""

    KEPT = "the same"
    NARROWED = "the same for a clone; for a retry the symbols that failed"
    DROPPED = "what a request asks for that does not name the field"


class Facts(NamedTuple):
    """What a field says of itself; `write` makes of its value what the job row keeps, without it the row has none."""

    identity: Identity
    repeat: Repeat
    write: Callable[[Any], Any] | None
    read: Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


def says(
    identity: Identity,
    repeat: Repeat,
    *,
    write: Callable[[Any], Any] | None = _as_it_is,
    read: Callable[[Any], Any] = _as_it_is,
    **options: Any,
) -> Any:
    """Return a field of JobRequest that says what it is."""
    return field(metadata={Facts: Facts(identity, repeat, write, read)}, **options)


def _sorted(values: Sequence[str]) -> list[str] | None:
    return sorted(set(values)) or None


def _symbol(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _each_once(values: Sequence[str]) -> list[str] | None:
    return list(dict.fromkeys(values)) or None


_MOMENT: dict[str, Any] = {"write": datetime.isoformat, "read": datetime.fromisoformat, "default": None}


@dataclass(frozen=True, slots=True)
class JobRequest:
    """One job: analyses over inline bars, or over stored series by symbols or universe (exactly one of them).

    `benchmark` is the second series of analyses that compare two, stored or inline, of the same timeframe.

    `start`, `end` and `last` say which bars of a stored series are asked for; `output` how many of them come
    back, `include` what is answered besides (forming, open), `reasons` how many of what moved a model most. With `kind`
    (indicator, pattern, signal) every analysis must be of it. Work begins no sooner than at `start_after`; what is not
    done at `deadline_at` is cancelled; `retention` names how long the job is kept. At its end `callback_url` is told.
    """

    analyses: Sequence[str | Mapping[str, Any]] = says(Identity.MEANING, Repeat.KEPT, write=list)
    output: Output = says(Identity.VALUE, Repeat.KEPT, default="last")
    # Inline bars stay in their blob.
    bars: Bars | None = says(Identity.MEANING, Repeat.KEPT, write=None, default=None)
    symbols: Sequence[str] | None = says(Identity.MEANING, Repeat.NARROWED, write=list, default=None)
    universe: str | None = says(Identity.MEANING, Repeat.NARROWED, default=None)
    timeframe: str | None = says(Identity.MEANING, Repeat.KEPT, default=None)
    # Inline ones stay in the blob of the bars.
    benchmark: str | Bars | None = says(Identity.MEANING, Repeat.KEPT, write=_symbol, default=None)
    start: datetime | None = says(Identity.VALUE, Repeat.KEPT, **_MOMENT)
    end: datetime | None = says(Identity.VALUE, Repeat.KEPT, **_MOMENT)
    last: int | None = says(Identity.VALUE, Repeat.KEPT, default=None)
    include: Sequence[str] = says(Identity.VALUE, Repeat.KEPT, write=_sorted, default=())
    reasons: int | None = says(Identity.VALUE, Repeat.KEPT, default=None)
    reuse: bool = says(Identity.NONE, Repeat.DROPPED, write=None, default=True)
    tags: Sequence[str] = says(Identity.NONE, Repeat.KEPT, write=_each_once, default=())
    kind: str | None = says(Identity.NONE, Repeat.DROPPED, write=None, default=None)
    start_after: datetime | None = says(Identity.NONE, Repeat.KEPT, **_MOMENT)
    deadline_at: datetime | None = says(Identity.NONE, Repeat.KEPT, **_MOMENT)
    retention: str | None = says(Identity.NONE, Repeat.KEPT, default=None)
    callback_url: str | None = says(Identity.NONE, Repeat.KEPT, default=None)

    @classmethod
    def restored(cls, kept: Mapping[str, Any], **instead: Any) -> "JobRequest":
        """Return the request that stored() kept, for a new job, with some fields replaced."""
        again = {name: fact for name, fact in FACTS.items() if fact.repeat is not Repeat.DROPPED}
        values = {name: fact.read(kept[name]) for name, fact in again.items() if name in kept}
        return cls(**{**values, **instead})

    def stored(self) -> dict[str, Any]:
        """Return what the job row keeps, enough to make the same job again; what was not given is left out."""
        kept = {}
        for name, fact in FACTS.items():
            given = getattr(self, name)
            if fact.write is not None and given is not None and (written := fact.write(given)) is not None:
                kept[name] = written
        return kept

    def identity(self) -> dict[str, Any]:
        """Return the values that belong to the answer's identity as they are."""
        return {name: value for name, value in self.stored().items() if FACTS[name].identity is Identity.VALUE}


def facts_of(request: type[JobRequest]) -> Mapping[str, Facts]:
    """Return what every field of a request says; raise TypeError naming those that say nothing."""
    silent = [one.name for one in fields(request) if Facts not in one.metadata]
    if silent:
        raise TypeError(f"{request.__name__} has fields that do not say what they are: {', '.join(silent)}.")
    return {one.name: one.metadata[Facts] for one in fields(request)}


FACTS = facts_of(JobRequest)
NARROWED = tuple(name for name, fact in FACTS.items() if fact.repeat is Repeat.NARROWED)
