"""docs/architecture.md says what the code does: packages, arrows, states, queues and figures."""

import os
import re
from collections.abc import Mapping
from xml.etree import ElementTree

import pytest
from django.conf import settings

from jobs.queues import INTERACTIVE_MICROSECONDS, QUEUES
from jobs.states import CHUNK_ALLOWED, JOB_ALLOWED, State
from market.blocks import BLOCK_BARS
from tests.architecture.contract import PACKAGES, ROOT, arrows

DOCS = ROOT / "docs"
PAGE = (DOCS / "architecture.md").read_text()
FIGURES = re.findall(r"`([A-Z_]+)`\s\(([\d,]+)", PAGE)


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, without its head."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def moves(of: str) -> Mapping[State, frozenset[State]]:
    """Return the moves of jobs or of chunks that the page shows."""
    shown: dict[State, frozenset[State]] = {}
    for whose, begin, end, _ in rows("The states"):
        if whose in (of, "both"):
            for seen in quoted(begin):
                shown[State(seen)] = shown.get(State(seen), frozenset()) | set(map(State, quoted(end)))
    return shown


def test_its_packages_are_the_trees() -> None:
    assert sorted(quoted(row[0])[0] for row in rows("Packages, and who may import whom")) == PACKAGES


def test_its_arrows_are_the_contracts() -> None:
    assert f"\n    {arrows()}\n" in PAGE


def test_its_moves_are_the_tables() -> None:
    assert moves("job") == JOB_ALLOWED
    assert moves("chunk") == CHUNK_ALLOWED


def test_its_queues_are_the_codes() -> None:
    assert [quoted(row[0])[0] for row in rows("Queue rules")] == list(QUEUES)
    assert f"at most {INTERACTIVE_MICROSECONDS // 1_000} ms" in PAGE


@pytest.mark.parametrize(("name", "figure"), FIGURES)
def test_its_figures_are_the_settings(name: str, figure: str) -> None:
    if name in os.environ:
        pytest.skip(f"{name} is set otherwise here")
    assert getattr(settings, name) == int(figure.replace(",", ""))


def test_there_are_figures_to_compare() -> None:
    assert {"LEASE_SECONDS", "SWEEP_SECONDS", "QUEUE_WINDOW", "WAITER_PLACES"} <= {name for name, _ in FIGURES}
    assert f"up to {BLOCK_BARS:,}" in PAGE


def test_what_it_names_is_there() -> None:
    files = [name for name in quoted(PAGE) if re.fullmatch(r"[a-z_]+/[a-z_/]+\.py", name)]
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", PAGE) if ":" not in link]
    assert files
    assert [name for name in files if not (ROOT / name).exists()] == []
    assert [link for link in links if not (DOCS / link).exists()] == []


def test_the_picture_names_every_package() -> None:
    root = ElementTree.parse(DOCS / "pictures" / "architecture.svg").getroot()
    words = set(re.findall(r"\w+", " ".join(root.itertext())))
    assert set(PACKAGES) <= words
