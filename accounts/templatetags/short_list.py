"""The rows of an admin's list as django-unfold writes them, in less than half of its time: it makes the headings, whose
checkbox is a template, again for every row.
"""

from collections.abc import Iterator
from datetime import date, time
from typing import Any, NamedTuple

from django import template
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from unfold.admin import checkbox
from unfold.templatetags.unfold_list import (
    CHECKBOX_CLASSES,
    LINK_CLASSES,
    ROW_CLASSES,
    UnfoldResultList,
    result_headers,
    result_list,
)
from unfold.utils import display_for_field, display_for_label, display_for_value

register = template.Library()
CHECKBOX = "action_checkbox"
# Stands for a row's key in the one checkbox that is made.
KEY = "0f0f0f0f"


class Column(NamedTuple):
    """A column's name, and how its cells begin and end; `unbroken` begins those of times and of other rows' names."""

    name: str
    linked: bool
    begin: str
    unbroken: str
    end: str


@register.inclusion_tag("admin/change_list_results.html", takes_context=True)
def short_result_list(context: Any, cl: Any) -> dict[str, Any]:
    """Return what the template of a list's rows asks for."""
    if cl.formset or cl.is_popup:
        told: dict[str, Any] = result_list(context, cl)
        return told
    headers = list(result_headers(cl))
    return {
        "cl": cl,
        "result_hidden_fields": [],
        "result_headers": headers,
        "num_sorted_fields": sum(1 for one in headers if one["sortable"] and one["sorted"]),
        "results": list(_rows(cl, headers)),
        "actions_row": context.get("actions_row"),
        "has_add_permission": cl.model_admin.has_add_permission(context["request"]),
    }


def _rows(cl: Any, headers: list[dict[str, Any]]) -> Iterator[Any]:
    columns = list(_columns(cl, headers))
    empty = cl.model_admin.get_empty_value_display()
    box = checkbox.render(ACTION_CHECKBOX_NAME, KEY)
    labels: dict[tuple[str, Any], Any] = {}

    def cell(column: Column, row: Any) -> SafeString:
        if column.name == CHECKBOX:
            return mark_safe(f"{column.begin}{box.replace(KEY, conditional_escape(row.pk))}{column.end}")  # noqa: S308
        text, unbroken = _value(cl.model_admin, column.name, row, empty, labels)
        if column.linked:
            preserved = {"preserved_filters": cl.preserved_filters, "opts": cl.opts}
            url = add_preserved_filters(preserved, cl.url_for_result(row))
            text = format_html('<a href="{}" class="{}" >{}</a>', url, " ".join(LINK_CLASSES), text)
        begin = column.unbroken if unbroken else column.begin
        return mark_safe(f"{begin}{conditional_escape(text)}{column.end}")  # noqa: S308

    for row in cl.result_list:
        yield UnfoldResultList(row, None, [cell(column, row) for column in columns])


def _columns(cl: Any, headers: list[dict[str, Any]]) -> Iterator[Column]:
    heads = True
    for name, header in zip(cl.list_display, headers, strict=True):
        linked = name in (cl.list_display_links or ())
        tag = "th" if linked and heads else "td"
        heads = heads and not linked
        label = gettext("Select record") if name == CHECKBOX else header["text"]
        classes = " ".join(CHECKBOX_CLASSES if name == CHECKBOX else [f"field-{name}", *ROW_CLASSES])
        begin, unbroken = (
            format_html('<{} class="{}" data-label="{}">', tag, one, label) for one in (classes, f"{classes} nowrap")
        )
        yield Column(name, linked, begin, unbroken, f"</{tag}>")


def _value(page: Any, name: str, row: Any, empty: Any, labels: dict[tuple[str, Any], Any]) -> tuple[Any, bool]:
    """Return what a row shows in a column, and whether it is to stay on one line; `labels` are those made so far."""
    try:
        field, attribute, value = lookup_field(name, row, page)
    except ObjectDoesNotExist:
        return empty, False
    empty = getattr(attribute, "empty_value_display", empty)
    if field is None or field.auto_created:
        if colours := getattr(attribute, "label", False):
            if (name, value) not in labels:
                labels[name, value] = display_for_label(value, empty, colours)
            return labels[name, value], False
        return display_for_value(value, empty, getattr(attribute, "boolean", False)), isinstance(value, date | time)
    unbroken = isinstance(field, models.DateField | models.TimeField | models.ForeignKey)
    if isinstance(field.remote_field, models.ManyToOneRel):
        related = getattr(row, field.name)
        return empty if related is None else related, unbroken
    return display_for_field(value, field, empty), unbroken
