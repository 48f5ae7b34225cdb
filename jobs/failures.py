"""Why symbols of a job have no result, added up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobs.end_reasons import BUG, DEADLINE, NO_PLACE_FOR_MODELS, OUT_OF_MEMORY, OUT_OF_TIME, TRANSIENT, WORKER_LOST
from jobs.models import Job
from jobs.queries import reads
from jobs.states import State

SHOWN = 5
# What may be otherwise the next time. All other codes are of a symbol's own data or of the request itself.
OF_THE_MOMENT = frozenset({DEADLINE, WORKER_LOST, OUT_OF_TIME, OUT_OF_MEMORY, TRANSIENT, BUG, NO_PLACE_FOR_MODELS})


@dataclass(frozen=True, slots=True)
class Failures:
    """How many symbols have no result for each code, the most frequent first, and the first of these symbols."""

    codes: Sequence[tuple[str, int]] = ()
    first: Sequence[Mapping[str, Any]] = field(default=())

    @property
    def lasting(self) -> list[tuple[str, int]]:
        """Return those codes that a retry alone does not help: they are of the symbols' own data, or of the request."""
        return [(code, count) for code, count in self.codes if code and code not in OF_THE_MOMENT]

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is answered."""
        return {
            "codes": [{"code": code, "count": count} for code, count in self.codes],
            "first": [{name: one[name] for name in ("symbol", "code", "detail")} for one in self.first],
        }


def failures_of(job: Job) -> Failures:
    """Return why symbols have no result; of a chunk that failed as a whole its code, for each of its symbols.

    Of a job that is under way nothing is told: its row does not know yet that there are any.
    """
    if not job.failed_count:
        return Failures()
    counts: Counter[str] = Counter()
    first: list[Mapping[str, Any]] = []
    for chunk in reads.failures_told(job):
        told = chunk.failures
        if chunk.state == State.FAILED and not told:
            told = [{"symbol": item[0], "code": chunk.error_code, "detail": ""} for item in chunk.items]
        counts.update(str(one["code"]) for one in told)
        first += told[: max(0, SHOWN - len(first))]
    return Failures(counts.most_common(), first)
