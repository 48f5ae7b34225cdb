"""Links from one row to another on the admin's pages: text for who may not open what they lead to."""

from typing import Any

from django import template
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.http import HttpRequest

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
    model = None if entry.content_type is None else entry.content_type.model_class()
    if entry.is_deletion() or model is None or not opens(context["request"], model):
        return None
    return entry.get_admin_url()


def opens(request: HttpRequest, model: type[models.Model]) -> bool:
    """Tell whether who asks may open the pages of a model's rows."""
    page = admin.site._registry.get(model)
    return page is not None and page.has_view_permission(request)
