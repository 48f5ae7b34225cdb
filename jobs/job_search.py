"""Search in the admin's list of jobs: what the text is decides which index it is looked up in, and only there."""

from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from jobs.ids import ids_beginning
from jobs.models import Job
from jobs.queries import console
from jobs.queries.console import MOST_LISTED

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
            # Their id, not a join: the index of an owner's jobs begins with it.
            owner = get_user_model().objects.filter(username=value).values_list("pk", flat=True).first()
            return jobs.filter(owner_id=owner) if owner is not None else jobs.none()
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


class ShortPaginator(Paginator):  # type: ignore[type-arg]  # Django's own takes no [Job]
    """A paginator that ends where nobody reads on: counting a million rows takes longer than showing a hundred."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, at most as many as are listed."""
        rows: Any = self.object_list
        return int(rows[:MOST_LISTED].count())  # in its order, which is an index's

    def page(self, number: int | str) -> "Page[Any]":
        """Return a page whose place is found among ids alone: an index has them, and only what is shown is read."""
        number = self.validate_number(number)
        begin = (number - 1) * self.per_page
        rows: Any = self.object_list
        ids = list(rows.values_list("pk", flat=True)[begin : min(begin + self.per_page, self.count)])
        shown = rows.all()
        # Which rows they are is said by their ids alone: beside a second list of ids PostgreSQL reads the whole table.
        shown.query.clear_where()
        return Page(shown.filter(pk__in=ids), number, self)
