"""Pages by cursor: what lists share."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from api.fields import Body

MAX_LIMIT = 500


class PageQuery(Body):
    """Which page of a list."""

    cursor = serializers.CharField(required=False, help_text="`next` of the page before.")
    limit = serializers.IntegerField(
        required=False, default=50, min_value=1, max_value=MAX_LIMIT, help_text="How many items at most."
    )


def page_serializer(name: str, item: type[serializers.Serializer]) -> Any:
    """Return the shape of a page of such items."""
    fields = {
        "items": item(many=True),
        "next": serializers.CharField(allow_null=True, help_text="The cursor of the next page; null on the last."),
    }
    return type(name, (serializers.Serializer,), fields)


def page_of(items: Sequence[Any], following: str | None) -> dict[str, Any]:
    """Return a page as it is answered."""
    return {"items": items, "next": following}
