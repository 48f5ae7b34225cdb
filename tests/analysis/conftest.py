"""Oracle cases, and what the session says of them at its end."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.catalog import registry
from tests.analysis.oracles import record
from tests.analysis.oracles.cases import SHARED, Case, compare
from tests.analysis.shipped import ROOT

RECORD = "GRAVITY_ORACLE_RECORD"
Held = dict[str, list[tuple[str, bool, float]]]


@pytest.fixture
def oracle(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Callable[[Case], None]:
    """Hold an entry against a source and remember how far apart they are."""

    def hold(one: Case) -> None:
        entry, source = registry.get(one.entry).name, one.source
        record_property("oracle_asked", (entry, source.name, source.folder))
        folder = ROOT / source.folder
        if source.folder.startswith(SHARED):
            folder = request.getfixturevalue("shared")(source.folder.removeprefix(SHARED))
        largest = compare(one, folder)
        why = one.why or ("its figures are printed with few decimals" if largest > 1e-6 else "")
        record_property("oracle", (entry, source.name, source.folder, source.is_independent, largest, why))

    return hold


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Print the entries that were held against a source, how far apart at most, and the rest by name."""
    found = list(_told(terminalreporter, "oracle", "passed"))
    if not found:
        return
    held: Held = defaultdict(list)
    for entry, source, _, is_independent, largest, _ in found:
        held[entry].append((source, is_independent, largest))
    names = [entry.name for entry in registry.ENTRIES.values() if entry.kind == "indicator"]
    independent = [name for name in names if any(one[1] for one in held[name])]
    by_hand = [name for name in names if held[name] and name not in independent]
    terminalreporter.section("oracle summary")
    for name in names:
        if held[name]:
            shown = "; ".join(f"{source} {largest:.1e}" for source, _, largest in sorted(held[name]))
            terminalreporter.line(f"{name:<28}{max(one[2] for one in held[name]):.1e}  {shown}")
    terminalreporter.line(
        f"{len(independent)} of {len(names)} entries held against an independent source, {len(by_hand)} more against a "
        "fixture worked by hand"
    )
    rest = [name for name in names if not held[name]]
    terminalreporter.line(f"the rest: {', '.join(rest) or 'none'}")
    if RECORD in os.environ:
        path = Path(os.environ[RECORD])
        new = [(entry, record.found(*rest)) for entry, *rest in found]
        asked = _told(terminalreporter, "oracle_asked", "passed", "skipped", "failed")
        unheld = {record.Asked(*one) for one in asked} - {record.Asked(*one[:3]) for one in found}
        is_whole = exitstatus == 0 and _asks_for_all(terminalreporter, config)
        record.write(path, record.merged(record.read(path), new, unheld, is_whole=is_whole))


def _told(terminalreporter: pytest.TerminalReporter, name: str, *outcomes: str) -> Iterator[tuple[Any, ...]]:
    """Give what the tests of these outcomes recorded by this name."""
    for outcome in outcomes:
        for report in terminalreporter.stats.get(outcome, ()):
            yield from (value for told, value in getattr(report, "user_properties", ()) if told == name)


def _asks_for_all(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> bool:
    """Return whether this run is of every oracle case there is."""
    folder = Path(__file__).resolve().parent / "oracles"
    asked = [Path(one).resolve() for one in config.args if "::" not in one]
    return not terminalreporter.stats.get("deselected") and any(folder.is_relative_to(one) for one in asked)
