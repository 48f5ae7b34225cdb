"""Where every part is installed, in CI, a test that skips for want of one is a failure."""

import os
from collections.abc import Iterator

import pytest

from tests.shared_folder import LACKING

# What is no want of a part: such a test runs on the other database. A reason that looks at the database begins so.
ANOTHER_DATABASE = "not of this database: "
EXPECTED = (ANOTHER_DATABASE, LACKING)


def unexpected(config: pytest.Config) -> Iterator[str]:
    """Yield what skipped for another reason, each place and reason once."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    for path, line, reason in dict.fromkeys(report.longrepr for report in skipped):
        said = reason.removeprefix("Skipped: ")
        if not said.startswith(EXPECTED):
            yield f"{path}:{line}: {reason}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run."""
    if "CI" in os.environ and session.exitstatus == pytest.ExitCode.OK and any(unexpected(session.config)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which."""
    if "CI" in os.environ:
        for one in unexpected(terminalreporter.config):
            terminalreporter.line(f"CI: nothing may be missing here: {one}", red=True)
