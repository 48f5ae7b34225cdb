"""What the admin says of a job: what it asks for, how far it is, how long it took, and as a command."""

import json
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from jobs.models import Job
from jobs.queries import reads
from jobs.states import State

SHOWN = 3
SHOWN_FAILURES = 5
MOST_CHARACTERS = 60


def analyses(job: Job) -> str:
    """Return the first analyses as they were asked for, and how many more there are."""
    return _first([_text(one) for one in job.request.get("analyses", ())])


def about(job: Job) -> str:
    """Return the universe or the first symbols."""
    if job.request.get("universe"):
        return f"{job.request['universe']} ({job.symbol_count:,})"
    return _first([str(one) for one in job.request.get("symbols") or ()]) or "bars of its own"


def tags(job: Job) -> list[str]:
    """Return the tags; that of a scan says it all, without the one that all scans share."""
    given = [str(tag) for tag in job.request.get("tags") or ()]
    is_scans = any(tag.startswith("scan:") for tag in given)
    return [tag for tag in given if not (is_scans and tag == "scan")]


def moment(at: datetime | None) -> str:
    """Return a time to the second with its zone."""
    return "–" if at is None else f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S %Z}"


def duration(job: Job, now: datetime) -> str:
    """Return how long the job took, or has taken until now, from its submission."""
    seconds = max(0.0, ((job.finished_at or now) - job.created_at).total_seconds())
    if seconds < 60:
        said = f"{seconds:.2f} s" if job.finished_at else f"{seconds:.0f} s"
    else:
        minutes, rest = divmod(int(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        said = f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"
    return said if job.finished_at else f"{said} so far"


@dataclass(frozen=True, slots=True)
class Failures:
    """Why symbols have no result: how many of each code, and the first of them."""

    codes: list[tuple[str, int]] = field(default_factory=list)
    first: list[Mapping[str, Any]] = field(default_factory=list)


def failures(job: Job) -> Failures:
    """Return why symbols have no result; of a chunk that failed as a whole its code, for each of its symbols."""
    if not job.failed_count:
        return Failures()
    counts: Counter[str] = Counter()
    first: list[Mapping[str, Any]] = []
    for chunk in reads.failures_told(job):
        told = chunk.failures
        if chunk.state == State.FAILED and not told:
            told = [{"symbol": item[0], "code": chunk.error_code, "detail": ""} for item in chunk.items]
        counts.update(str(one["code"]) for one in told)
        first += told[: max(0, SHOWN_FAILURES - len(first))]
    return Failures(counts.most_common(), first)


def as_curl(job: Job, address: str) -> str:
    """Return a command that submits the same job; `KEY` is an API key of who calls. Bars of its own are left out."""
    body = shlex.quote(json.dumps(job.request, ensure_ascii=False))
    return (
        f'curl -s {address}/api/v1/jobs -H "Authorization: Api-Key $KEY" '
        f"-H 'Content-Type: application/json' \\\n  -d {body}"
    )


def as_csv(job: Job, address: str) -> str:
    """Return a command that fetches the job's result as CSV."""
    return f'curl -s {address}/api/v1/jobs/{job.pk}/result -H "Authorization: Api-Key $KEY" -H "Accept: text/csv"'


def _text(one: Any) -> str:
    if isinstance(one, Mapping):
        one = one.get("as") or one.get("name") or one.get("expression") or "…"
    return str(one) if len(str(one)) <= MOST_CHARACTERS else f"{str(one)[:MOST_CHARACTERS]}…"


def _first(texts: Sequence[str]) -> str:
    more = f" +{len(texts) - SHOWN}" if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more
