"""What the admin says of a job: what it asks for, how far it is, how long it took, and as a command."""

import json
import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from jobs.kinds import Kind
from jobs.models import Job

SHOWN = 3
MOST_CHARACTERS = 60


def analyses(job: Job) -> str:
    """Return the first analyses as they were asked for, and how many more there are; of a training that it is one."""
    if job.kind == Kind.TRAINING:
        return "training of a model"
    return listed(job.request.get("analyses", ()))


def listed(analyses: Sequence[Any]) -> str:
    """Return the first of a request's analyses, and how many more there are."""
    return _first([_text(one) for one in analyses])


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


def as_curl(job: Job, address: str) -> str:
    """Return a command that submits the same job; `KEY` is an API key of who calls. Bars of its own are left out."""
    body = shlex.quote(json.dumps(job.request, ensure_ascii=False))
    path = "ml/train" if job.kind == Kind.TRAINING else "jobs"
    return (
        f'curl -s {address}/api/v1/{path} -H "Authorization: Api-Key $KEY" '
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
