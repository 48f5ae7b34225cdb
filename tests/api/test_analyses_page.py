"""docs/analyses.md says what the language can do: every example is read, every function is there."""

import re
from pathlib import Path

import pytest

from analysis import Plan
from analysis.errors import PlanError
from analysis.language.grammar import FUNCTIONS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "analyses.md").read_text()


def test_every_function_has_its_line() -> None:
    assert {name for name in FUNCTIONS if f"`{name}(" not in PAGE} == set()


def test_the_examples_of_analyses_can_be_asked_for() -> None:
    table = PAGE[PAGE.index("## An analysis is") : PAGE.index("Names are in small letters")]
    examples = re.findall(r'`"([^"]+)"`', table)
    assert len(examples) >= 9
    for example in examples:
        Plan.parse([example])


def test_columns_are_called_as_the_page_says() -> None:
    table = PAGE[PAGE.index("| asked | key |") : PAGE.index("The job's `analyses`")]
    lines = [line.strip("| ").split(" | ") for line in table.splitlines()[2:] if line.startswith("|")]
    assert len(lines) >= 5
    for asked, keys in lines:
        for one in re.findall(r"`([^`]+)`", asked):
            assert Plan.parse([one]).keys == re.findall(r"`([^`]+)`", keys), one


def test_what_the_page_says_to_be_refused_is() -> None:
    table = PAGE[PAGE.index("| typed | instead |") : PAGE.index("A condition answers a column")]
    rows = [line.split("|")[1] for line in table.splitlines()[2:] if line.startswith("|")]
    typed = [text for row in rows for text in re.findall(r"`([^`]+)`", row)]
    assert len(typed) >= 6
    for text in typed:
        with pytest.raises(PlanError):
            Plan.parse([text])


def test_the_expressions_of_the_page_can_be_read() -> None:
    events = PAGE[PAGE.index("### Events") : PAGE.index("### What is refused")]
    texts = [text for text in re.findall(r"`([^`]+)`", events) if not text.startswith(".")]
    assert len(texts) >= 9
    for text in texts:
        Plan.parse([text])
