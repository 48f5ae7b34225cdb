"""What failed in any of the passes, said once more at their end, so that nobody reads three summaries for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.skips import unexpected

LONGEST, MOST = 400, 40


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file that `python -m tests` reads when all passes have ended."""
    parser.addoption("--failures", type=Path, help="append a line for each test that failed")


def lines(terminalreporter: pytest.TerminalReporter) -> Iterator[str]:
    """Yield a line a failure: the test, when it failed, and the first line of what it raised."""
    for kind in ("failed", "error"):
        for report in terminalreporter.stats.get(kind, []):
            raised = [line[1:].strip() for line in report.longreprtext.splitlines() if line.startswith("E ")]
            why = raised[0] if raised else report.longreprtext.strip().rpartition("\n")[2]
            yield f"{report.nodeid} ({getattr(report, 'when', None) or 'collect'}): {why}"[:LONGEST]
    for one in unexpected(terminalreporter.config):
        yield f"skipped: {one}"[:LONGEST]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write them down, once: the processes of pytest-xdist have this hook too."""
    file: Path | None = terminalreporter.config.getoption("--failures")
    if file is not None and not hasattr(terminalreporter.config, "workerinput"):
        with file.open("a") as out:
            out.writelines(f"{line}\n" for line in list(lines(terminalreporter))[:MOST])
