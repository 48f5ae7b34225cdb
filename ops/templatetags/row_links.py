"""Links from one row to another on the admin's pages: text for who may not open what they lead to."""

from typing import Any

from django import template
from django.contrib.admin.models import LogEntry
from django.db import models

from accounts.row_links import opens, page_of

register = template.Library()


@register.simple_tag(takes_context=True)
def contents(context: Any, field: Any) -> Any:
    """Return what a field that is only shown says; the name alone of a row that this user may not open."""
    found = field.resolved_field
    row = found[2] if found and found[0] is not None else None
    if isinstance(row, models.Model) and not opens(context["request"], type(row)):
        return str(row)
    return field.contents()


@register.simple_tag(takes_context=True)
def address(context: Any, entry: LogEntry) -> str | None:
    """Return where the page of the row is that an entry of the audit log is of, None where it does not open."""
    return page_of(context["request"], entry)
