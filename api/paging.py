"""Pages by cursor: how every list is cut.

A cursor names the last row that was seen, by what the list is ordered by, so rows that arrive meanwhile move nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from rest_framework import serializers

from api.fields import Body, WholeNumberText
from jobs.errors import InvalidCursor

MAX_LIMIT = 500
# Between the parts of a cursor; no symbol or timeframe contains it.
MARK = "~"


class PageQuery(Body):
    """Which page of a list."""

    cursor = serializers.CharField(required=False, help_text="`next` of the page before.")
    limit = WholeNumberText(
        required=False, default=50, min_value=1, max_value=MAX_LIMIT, help_text="How many items at most."
    )


PAGE_FIELDS = frozenset(PageQuery().fields)


def page_serializer(name: str, item: type[serializers.Serializer[Any]]) -> Any:
    """Return the shape of a page of such items."""
    fields = {
        "items": item(many=True),
        "next": serializers.CharField(allow_null=True, help_text="The cursor of the next page; null on the last."),
    }
    return type(name, (serializers.Serializer,), fields)


def id_as_written(text: str) -> UUID:
    """Return the id that our answers write so; raise ValueError for the other ways that UUID() takes."""
    value = UUID(text)
    if str(value) != text:
        raise ValueError(text)
    return value


def row_number(text: str) -> int:
    """Return the key of a row that the database numbers; raise ValueError for what cannot be one."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError(text)
    return int(text)


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by: fields that together tell every row from all others, as text or by `read`."""

    fields: tuple[str, ...]
    read: Callable[[str], Any] = str
    newest_first: bool = False

    def sorted(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Return the rows in this order."""
        return rows.order_by(*(f"-{name}" if self.newest_first else name for name in self.fields))

    def cursor(self, row: Any) -> str:
        """Return the cursor of the page after this row."""
        return MARK.join(str(attrgetter(name.replace("__", "."))(row)) for name in self.fields)

    def beyond(self, cursor: str) -> Q:
        """Return the condition of the rows after the one that a cursor names; raise InvalidCursor if it names none."""
        try:
            values = [self.read(text) for text in cursor.rsplit(MARK, len(self.fields) - 1)]
            given = dict(zip(self.fields, values, strict=True))
        except ValueError:
            raise InvalidCursor("The cursor is not one of ours.") from None
        further, same = Q(pk__in=[]), Q()
        for name, value in given.items():
            further |= same & Q(**{f"{name}__{'lt' if self.newest_first else 'gt'}": value})
            same &= Q(**{name: value})
        return further


BY_JOB_ID = Order(("newest",), id_as_written, newest_first=True)
OLDEST_ROW_FIRST = Order(("pk",), row_number)
NEWEST_ROW_FIRST = Order(("pk",), row_number, newest_first=True)


def page_of(
    rows: "QuerySet[Any]", query: Mapping[str, Any], order: Order, represent: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """Return the page of these rows that a PageQuery asks for, as it is answered; `next` only if there are more."""
    rows = order.sorted(rows)
    if "cursor" in query:
        rows = rows.filter(order.beyond(query["cursor"]))
    found = list(rows[: query["limit"] + 1])
    page = found[: query["limit"]]
    following = order.cursor(page[-1]) if len(found) > len(page) else None
    return {"items": [represent(row) for row in page], "next": following}
