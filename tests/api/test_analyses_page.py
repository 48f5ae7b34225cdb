"""docs/analyses.md says what the language can do: every example is read, every function is there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from analysis import Plan
from analysis.errors import PlanError
from analysis.language.grammar import FUNCTIONS, SERIES
from market.services.demo import load_demo
from tests.api.conftest import Caller
from tests.api.test_jobs import JOBS, run

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


def test_every_series_of_the_grammar_is_named() -> None:
    assert {name for name in SERIES if f"`{name}`" not in PAGE} == set()


def test_the_example_of_a_second_series_is_what_is_answered(api: Caller, broker: Any) -> None:
    section = PAGE[PAGE.index("## A second series") : PAGE.index("## Sessions")]
    asked, answered = (json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", section, re.DOTALL))
    load_demo(now=timezone.now())
    job = api.post(JOBS, asked).json()
    run(job["id"])
    columns = api.get(job["links"]["result"]).json()["columns"]
    assert columns.keys() == answered.keys()
    for key, values in answered.items():
        assert columns[key] == pytest.approx(values, rel=1e-12)
    for text in re.findall(r"`([^`]+)`", section[: section.index("```json")]):
        if "benchmark" in text and text != "benchmark":
            Plan.parse([text])
