"""Oracle cases, and what the session says of them at its end."""

import json
import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.catalog import registry
from tests.analysis.oracles.cases import SHARED, Case, compare
from tests.analysis.shipped import ROOT

RECORD = "GRAVITY_ORACLE_RECORD"
Held = dict[str, list[tuple[str, bool, float]]]


@pytest.fixture
def oracle(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Callable[[Case], None]:
    """Hold an entry against a source and remember how far apart they are."""

    def hold(one: Case) -> None:
        folder = ROOT / one.source.folder
        if one.source.folder.startswith(SHARED):
            folder = request.getfixturevalue("shared")(one.source.folder.removeprefix(SHARED))
        largest = compare(one, folder)
        why = one.why or ("its figures are printed with few decimals" if largest > 1e-6 else "")
        held = (registry.get(one.entry).name, one.source.name, one.source.is_independent, largest)
        record_property("oracle", held)
        record_property("oracle_why", (*held, why))

    return hold


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the entries that were held against a source, how far apart at most, and the rest by name."""
    held: Held = defaultdict(list)
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == "oracle":
                held[value[0]].append((value[1], value[2], value[3]))
    if not held:
        return
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
        _write(terminalreporter, Path(os.environ[RECORD]))


def _write(terminalreporter: pytest.TerminalReporter, path: Path) -> None:
    """Keep what was found for the documentation; a largest difference has two digits, so that it changes seldom."""
    record: dict[str, list[dict[str, object]]] = defaultdict(list)
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == "oracle_why":
                entry, source, independent, largest, why = value
                found = {"source": source, "independent": independent, "largest": float(f"{largest:.1e}"), "why": why}
                record[entry].append(found)
    ordered = {
        name: sorted(record[name], key=lambda one: (str(one["source"]), float(str(one["largest"])), str(one["why"])))
        for name in sorted(record)
    }
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")
