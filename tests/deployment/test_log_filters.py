"""What the runbooks look for in logs finds the lines that they speak of, and no others."""

import re
import subprocess

import pytest
from structlog.processors import JSONRenderer

from api.problems import DOMAIN
from api.receiving import NoPlace
from tests.chart.tools import ROOT
from tests.deployment.pages import lines, simple

RUNBOOKS = ROOT / "docs" / "runbooks"
SOURCE = "\n".join(
    path.read_text()
    for folder in ("analysis", "api", "forecasts", "gravity", "jobs", "ml", "ops", "scans", "tasks")
    for path in (ROOT / folder).rglob("*.py")
)
FILTERS = [
    (page.stem, words)
    for page in sorted(RUNBOOKS.glob("*.md"))
    for line in lines(page)
    if line.startswith("kubectl logs")
    for words in simple(line)
    if words[0] == "grep"
]


def found(runbook: str, values: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return those whose line of the access log the runbook's grep lets through."""
    (grep,) = [words for page, words in FILTERS if page == runbook]
    rendered = [str(JSONRenderer()(None, "info", {"event": "request_completed", **one})) for one in values]
    done = subprocess.run(grep, input="\n".join(rendered), capture_output=True, text=True)
    return [one for one, line in zip(values, rendered, strict=True) if line in done.stdout.splitlines()]


def test_slow_requests_are_those_above_the_alerts_limit() -> None:
    slow = [{"duration": duration} for duration in ("0.101s", "0.450s", "0.900s", "1.000s", "12.034s", "100.000s")]
    quick = [{"duration": duration} for duration in ("0.000s", "0.009s", "0.080s", "0.099s")]
    assert found("HighResponseTime", [*slow, *quick]) == slow


def test_failed_requests_are_those_with_a_status_of_5xx() -> None:
    failed = [{"status_code": status} for status in (500, 503)]
    assert found("HighErrorRate", [*failed, *({"status_code": status} for status in (200, 404, 422))]) == failed


def test_every_503_of_the_program_is_explained() -> None:
    page = (RUNBOOKS / "HighErrorRate.md").read_text()
    codes = {error.code for error, status, _ in DOMAIN if status == 503}
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == {
        *codes,
        NoPlace.default_code,
        *re.findall(r'request, 503, "(\w+)"', SOURCE),
    }


@pytest.mark.parametrize(("page", "words"), FILTERS, ids=lambda value: value if isinstance(value, str) else "")
def test_names_of_events_are_names_that_the_program_writes(page: str, words: tuple[str, ...]) -> None:
    for name in re.findall(r"[a-z]+_[a-z_]*", words[-1]):
        assert re.search(rf"[\"'](\w*_)?{name}", SOURCE), f"{page}: nothing is called {name}"
