"""Search in the admin's list of jobs: what the text is decides which index it is looked up in, and only there."""

from django.db.models import QuerySet

from accounts.selectors import owner_named
from jobs.ids import ids_beginning
from jobs.models import Job
from jobs.queries import console

HELP = (
    "An id or its beginning, a symbol, a tag (the newest 1,000), an owner or a request's id; "
    "to be sure: symbol:…, tag:…, owner:…, request:…"
)
KINDS = ("symbol", "tag", "owner", "request", "id")
MOST_CHARACTERS = 200


def found(jobs: "QuerySet[Job]", text: str) -> "QuerySet[Job]":
    """Return those of the jobs that the text means, no more than the newest 1,000 of a symbol or a tag."""
    text = text.strip().replace("\0", "")[:MOST_CHARACTERS]
    kind, colon, value = text.partition(":")
    if not colon or kind not in KINDS:
        kind, value = _kind(text), text
    match kind:
        case "symbol":
            return jobs.filter(pk__in=console.newest_about(_symbol(value)))
        case "tag":
            return jobs.filter(pk__in=console.newest_tagged(value))
        case "owner":
            return jobs.filter(owner_id=owner_named(value))
        case "request":
            # An empty one is what jobs have that came by no request, such as scans'.
            return jobs.filter(pk__in=console.newest_of_request(value)) if value else jobs.none()
    between = ids_beginning(value)
    return jobs.filter(pk__range=between) if between else jobs.none()


def _kind(text: str) -> str:
    """Return what the text is: a symbol may look like the beginning of an id, so those that there are come first."""
    between = ids_beginning(text)
    if between and between[0] == between[1]:
        return "id"
    if console.has_symbol(text) or console.has_symbol(text.upper()):
        return "symbol"
    if console.has_tag(text):
        return "tag"
    if console.newest_of_request(text):
        return "request"
    return "id" if between else "owner"


def _symbol(text: str) -> str:
    return text if console.has_symbol(text) else text.upper()
