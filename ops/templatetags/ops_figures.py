"""How figures are written on the pages for operators."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.db import models
from django.utils.text import capfirst

from accounts import short_lists
from accounts.short_lists import ShortPaginator

register = template.Library()


@register.filter
def thousands(count: int) -> str:
    """Return a count with a comma between thousands."""
    return f"{count:,}"


@register.filter
def seconds(span: float | None) -> str:
    """Return a span of time to what matters of it."""
    if span is None:
        return "–"
    if span < 1:
        return f"{span:.2f} s" if span else "0 s"
    if span < 10:
        return f"{span:.1f} s"
    if span < 120:
        return f"{span:.0f} s"
    minutes = int(span) // 60
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2_880 else f"{minutes // 1_440} days"


@register.filter
def path(parts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return where a page is: names of kinds begin with a capital, those of things stay as they are, none is twice."""
    told: list[dict[str, Any]] = []
    for part in parts:
        title = part["title"]
        text = str(title) if isinstance(title, models.Model) else capfirst(str(title))
        if told and told[-1]["title"] == text:
            told.pop()  # an app that is called as its rows are: the second leads to them
        told.append({"link": part.get("link"), "title": text})
    return told


@register.filter
def counted(changelist: Any) -> str:
    """Return how many rows a list has, and that there may be more where it has stopped counting."""
    count, page = changelist.result_count, changelist.model_admin
    one, many = getattr(page, "counted_as", (page.opts.verbose_name, page.opts.verbose_name_plural))
    more = " or more" if isinstance(changelist.paginator, ShortPaginator) and count >= short_lists.MOST_LISTED else ""
    return f"{count:,}{more} {one if count == 1 else many}"
