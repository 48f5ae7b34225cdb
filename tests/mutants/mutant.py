"""A mutant: one place of the source altered, and the tests that must find it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

LISTED = Path(__file__).with_name("mutants.toml")


class Stale(Exception):
    """The source has changed, and what the mutant would alter is no longer there, or no longer once."""


@dataclass(frozen=True)
class Mutant:
    """`new` in the place of `old` in one file; with `services` its tests need PostgreSQL and Redis."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    services: bool = False

    def mutated(self, root: Path) -> str:
        """Return the text of the altered file; raise Stale."""
        text = (root / self.file).read_text(encoding="utf-8")
        if (count := text.count(self.old)) != 1:
            raise Stale(f"{self.file} has its text {count} times, not once")
        return text.replace(self.old, self.new)


def listed() -> list[Mutant]:
    """Return the mutants of the list."""
    found = tomllib.loads(LISTED.read_text(encoding="utf-8"))["mutant"]
    return [Mutant(**{**one, "tests": tuple(one["tests"])}) for one in found]
