"""Requests that stand on pages, run against a running system, give the answers that stand there."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import Running
from tests.e2e.transcript import answers, matches

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("page", "count"), [("README.md", 8), ("docs/jobs.md", 31), ("docs/models.md", 6)])
def test_the_requests_of_a_page_give_its_answers(system: Running, page: str, count: int) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    shown = [one for one in answers(ROOT / page, system) if one[2]]
    others = [f"{command}\n{answer}\nis not\n{text}" for command, answer, text in shown if not matches(answer, text)]
    assert not others, "\n\n".join(others)
    assert len(shown) == count
