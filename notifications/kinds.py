"""The kinds of messages: each app that owes some registers, when it is ready, how they are rendered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

# Subjects' keys as text → what each one's message says; those that are gone are left out.
Render = Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]]

_renders: dict[str, Render] = {}


def register_kind(kind: str, *, render: Render) -> None:
    """Say how messages of a kind are rendered; `render` is asked at every attempt."""
    _renders[kind] = render


def known_kinds() -> list[str]:
    """Return the kinds that this process can render."""
    return list(_renders)


def render(kind: str, subject_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return what the messages of one kind say, by subject; those whose subject is gone are missing."""
    return _renders[kind](subject_ids)
