"""What a client asks for, after its shape has been checked and before it has become a job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from analysis import Bars

Output = Literal["last", "all"] | int
MOMENTS = ("start", "end", "start_after", "deadline_at")


@dataclass(frozen=True, slots=True)
class JobRequest:
    """One job: analyses over inline bars, or over stored series by symbols or universe (exactly one of them).

    `start`, `end` and `last` say which bars of a stored series are asked for; `output` how many of them come
    back, `include` what is answered besides (forming). With `kind` (indicator, pattern, signal) every analysis must
    be of it. Work begins no sooner than at `start_after`; what is not done at `deadline_at` is cancelled; `retention`
    names how long the job is kept. At its end `callback_url` is told.
    """

    analyses: Sequence[str | Mapping[str, Any]]
    bars: Bars | None = None
    symbols: Sequence[str] | None = None
    universe: str | None = None
    timeframe: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    last: int | None = None
    output: Output = "last"
    include: Sequence[str] = field(default_factory=tuple)
    reuse: bool = True
    tags: Sequence[str] = field(default_factory=tuple)
    kind: str | None = None
    start_after: datetime | None = None
    deadline_at: datetime | None = None
    retention: str | None = None
    callback_url: str | None = None

    @classmethod
    def restored(cls, kept: Mapping[str, Any], **instead: Any) -> "JobRequest":
        """Return the request that stored() kept, with some fields replaced."""
        values = dict(kept)
        for name in MOMENTS:
            if name in values:
                values[name] = datetime.fromisoformat(values[name])
        return cls(**{**values, **instead})

    def stored(self) -> dict[str, Any]:
        """Return what the job row keeps, enough to make the same job again; inline bars stay in their blob."""
        kept: dict[str, Any] = {"analyses": list(self.analyses), "output": self.output}
        for name in ("symbols", "universe", "timeframe", "last", "retention", "callback_url"):
            value = getattr(self, name)
            if value is not None:
                kept[name] = list(value) if name == "symbols" else value
        if self.include:
            kept["include"] = sorted(set(self.include))
        if self.tags:
            kept["tags"] = list(dict.fromkeys(self.tags))
        for name in MOMENTS:
            value = getattr(self, name)
            if value is not None:
                kept[name] = value.isoformat()
        return kept
