"""Which rows' pages in the admin open for who looks."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.http import HttpRequest


def opens(request: HttpRequest, model: type[models.Model]) -> bool:
    """Tell whether who asks may open the pages of a model's rows."""
    page = admin.site._registry.get(model)
    return page is not None and page.has_view_permission(request)


def page_of(request: HttpRequest, entry: LogEntry) -> str | None:
    """Return where the page of the row is that an entry of the audit log is of, None where it does not open."""
    model = None if entry.content_type is None else entry.content_type.model_class()
    if entry.is_deletion() or model is None or not opens(request, model):
        return None
    return entry.get_admin_url()
