"""The form of a message that a worker can take: Celery's second protocol, as kombu puts it into Redis."""

from collections.abc import Mapping
from typing import Any

# What may be wrong with one.
REASONS = ("form", "properties", "headers", "body", "size")
# A message carries one id; its headers are about 1 KB.
MOST_BODY_CHARACTERS = 64 * 1024


def fault_of(raw: Any) -> str | None:
    """Return in a word what is wrong with a message as it lay in the queue, None for one that can be taken.

    What is wrong with its task or arguments, Celery itself finds out and says.
    """
    if not isinstance(raw, Mapping):
        return "form"
    if not _has_place(raw.get("properties")):
        return "properties"
    if not _names_task(raw.get("headers")):
        return "headers"
    body = raw.get("body")
    if not isinstance(body, str) or not body or not isinstance(raw.get("content-type"), str):
        return "body"
    return "size" if len(body) > MOST_BODY_CHARACTERS else None


def _has_place(properties: Any) -> bool:
    """Tell whether the message can be acknowledged and given back."""
    if not isinstance(properties, Mapping):
        return False
    info = properties.get("delivery_info")
    return (
        isinstance(properties.get("delivery_tag"), str)
        and isinstance(info, Mapping)
        and all(isinstance(info.get(name), str) for name in ("exchange", "routing_key"))
    )


def _names_task(headers: Any) -> bool:
    if not isinstance(headers, Mapping):
        return False
    if not all(isinstance(headers.get(name), str) for name in ("id", "task")):
        return False
    # Who is to start later has a row that says so; a message that waited here would hold a worker's place.
    return headers.get("eta") is None and _are_limits(headers.get("timelimit"))


def _are_limits(limits: Any) -> bool:
    if limits is None:
        return True
    return isinstance(limits, list) and len(limits) == 2 and all(n is None or _is_number(n) for n in limits)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
