"""What a check has found."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much it matters, the worst last."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` is a whole sentence without secrets; `remedy` says what to do, and is empty where all is well."""

    level: Level
    text: str
    remedy: str = ""


def ok(text: str) -> Finding:
    """Return that all is well."""
    return Finding(Level.OK, text)


def warning(text: str, remedy: str) -> Finding:
    """Return what may become a fault."""
    return Finding(Level.WARNING, text, remedy)


def error(text: str, remedy: str) -> Finding:
    """Return a fault."""
    return Finding(Level.ERROR, text, remedy)
