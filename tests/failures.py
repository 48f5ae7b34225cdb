"""What failed in any of the passes: written down, said once more at their end, and tried again where that may help."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.skips import unexpected

LONGEST, MOST = 400, 40
# Ends the test's name in a line; a line without one is no test's.
AFTER_NAME = "\t"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file that `python -m tests` reads when all passes have ended, and which of its tests to try again."""
    parser.addoption("--failures", type=Path, help="append a line for each test that failed")
    parser.addoption("--again", action="append", default=[], metavar="TEST", help="only this test; any number of them")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files of which no test is tried again."""
    again = config.getoption("--again")
    if not again or collection_path.suffix != ".py" or not collection_path.is_relative_to(config.rootpath):
        return None
    place = collection_path.relative_to(config.rootpath).as_posix()
    return all(test.partition("::")[0] != place for test in again) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out all others."""
    if again := set(config.getoption("--again")):
        items[:] = [item for item in items if item.nodeid in again]


def lines(terminalreporter: pytest.TerminalReporter) -> Iterator[str]:
    """Yield a line a failure: the test, when it failed, and the first line of what it raised."""
    for kind in ("failed", "error"):
        for report in terminalreporter.stats.get(kind, []):
            raised = [line[1:].strip() for line in report.longreprtext.splitlines() if line.startswith("E ")]
            why = raised[0] if raised else report.longreprtext.strip().rpartition("\n")[2]
            when = getattr(report, "when", None) or "collect"
            yield f"{report.nodeid}{AFTER_NAME}({when}): {why}"[:LONGEST].replace("\n", " ")
    for one in unexpected(terminalreporter.config):
        yield f"skipped: {one}"[:LONGEST]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write them down, once: the processes of pytest-xdist have this hook too."""
    file: Path | None = terminalreporter.config.getoption("--failures")
    if file is not None and not hasattr(terminalreporter.config, "workerinput"):
        with file.open("a") as out:
            out.writelines(f"{line}\n" for line in list(lines(terminalreporter))[:MOST])
