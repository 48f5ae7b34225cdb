"""How long who submits a job would wait for its end: `Prefer: wait=SECONDS` (RFC 7240)."""

import re
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.views import caller
from jobs import selectors
from jobs.completion_listener import wait_until_over
from jobs.states import TERMINAL

APPLIED = "Preference-Applied"


def prefer(answered: str) -> OpenApiParameter:
    """Return the header's description, for a route that answers this if it is there in time."""
    return OpenApiParameter(
        "Prefer",
        str,
        OpenApiParameter.HEADER,
        description=f"`wait=SECONDS`, at most {settings.WAIT_MAX_SECONDS}: {answered}",
    )


def preferred_wait(request: Request) -> int:
    """Return the seconds of `Prefer: wait=…`, 0 without; what cannot be read is not preferred."""
    match = re.search(r"(?:^|[,;\s])wait=\"?([0-9]{1,6})\"?(?:$|[,;\s])", request.headers.get("Prefer", ""))
    return min(int(match[1]), settings.WAIT_MAX_SECONDS) if match else 0


def waited_for(job: Any, request: Request) -> tuple[Any, str]:
    """Return the job as it is after the preferred wait, or at its end; and what APPLIED says if it is over by then."""
    wait = preferred_wait(request)
    if wait and job.state not in TERMINAL:
        wait_until_over(job.pk, seconds=wait)
        job = selectors.find_job(owner=caller(request), job_id=job.pk)
    return job, f"wait={wait}" if wait and job.state in TERMINAL else ""
