"""docs/indicators is what the registry and the record of the oracle tests say."""

import ast
import json
from collections import Counter
from pathlib import Path

from analysis.catalog import registry
from scripts import write_indicator_docs as writer

ROOT = Path(__file__).resolve().parents[2]
ORACLES = ROOT / "tests" / "analysis" / "oracles"


def test_every_page_is_in_step() -> None:
    made = writer.pages(writer.record())
    assert {path.name for path in writer.FOLDER.glob("*.md")} == set(made)
    stale = [name for name, text in made.items() if (writer.FOLDER / name).read_text() != text]
    assert not stale, "Run `make indicator-docs` and commit docs/indicators."


def test_the_record_is_of_the_cases_there_are() -> None:
    written = Counter(name for name, held in json.loads(writer.RECORD.read_text()).items() for _ in held)
    cases: Counter[str] = Counter()
    for path in ORACLES.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "case":
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    cases[registry.get(str(name.value)).name] += 1
    missing = {name for name in cases if not written[name]}
    assert not missing, f"Run `make indicator-docs`: {sorted(missing)} are not in the record."


def test_every_indicator_is_held_against_something() -> None:
    held = writer.record()
    indicators = [entry.name for entry in registry.ENTRIES.values() if entry.kind == "indicator"]
    missing = [name for name in indicators if not held.get(name)]
    assert not missing, "Add a case to tests/analysis/oracles, then run `make indicator-docs`."


def test_a_difference_above_a_millionth_has_its_cause() -> None:
    held = [one for found in writer.record().values() for one in found]
    assert [one for one in held if one["largest"] > writer.SAME and not one["why"]] == []
