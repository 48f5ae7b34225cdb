"""The admin is drawn with styles that there are: django-unfold ships what its own pages need, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import unfold

from tests.architecture.contract import ROOT

PACKAGES = ("accounts", "forecasts", "jobs", "market", "notifications", "ops", "scans")
OURS = ROOT / "ops" / "static" / "ops" / "admin.css"
THEIRS = Path(unfold.__file__).parent / "static" / "unfold"
# The landing page, and what else is outside the admin, has a sheet of its own.
OUTSIDE = re.compile(r"\{% extends \"ops/page.html\" %\}|<!doctype html>")
# Names that need no rule: in a figure what is open has the colour of what nothing more is said of.
UNDRAWN = frozenset({"open"})


def sheets() -> str:
    return "".join(path.read_text() for path in [OURS, *sorted(THEIRS.rglob("*.css"))])


def written() -> Iterator[tuple[str, str]]:
    """Yield the classes that our templates, scripts and pages name, with the file that each is in."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix not in (".html", ".py", ".js") or OUTSIDE.match(text := path.read_text()):
                continue
            for found in re.findall(r'class="([^"]*)"', text):
                for name in re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{\w*\}", " ", found).split():
                    yield name, str(path.relative_to(ROOT))


def has_rule(name: str, sheet: str) -> bool:
    escaped = re.escape(re.sub(r"([^\w-])", r"\\\1", name))
    return re.search(rf"\.{escaped}(?![\w\\-])", sheet) is not None


def test_every_class_of_ours_has_a_rule() -> None:
    sheet = sheets()
    without = {f"{path}: {name}" for name, path in written() if name not in UNDRAWN and not has_rule(name, sheet)}
    assert sorted(without) == []


def test_the_search_for_rules_finds_what_there_is_and_nothing_else() -> None:
    names = {name for name, _ in written()}
    assert {"underline", "rounded-default", "dark:border-base-800", "whitespace-pre-wrap", "figures"} <= names
    sheet = r".pl-6{} .dark\:border-base-800:is(.dark *){} .gap-2\.5{} a.list-discs{}"
    assert [name for name in ("pl-6", "dark:border-base-800", "gap-2.5") if not has_rule(name, sheet)] == []
    assert [name for name in ("gap-2", "list-disc", "pl", "border-base-800") if has_rule(name, sheet)] == []
