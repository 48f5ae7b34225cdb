"""How figures are written on the pages for operators."""

from django import template

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
