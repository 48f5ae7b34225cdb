"""The record of what entries were held against grows by a run and loses nothing for want of a folder."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.analysis.oracles import record
from tests.analysis.oracles.record import Asked, Found, Record, merged
from tests.analysis.shipped import ROOT

KEPT = ROOT / "docs" / "indicators" / "oracles.json"


def one(source: str, folder: str, largest: float = 0.0) -> Found:
    return record.found(source, folder, True, largest, "")


TTR, SKENDER = one("TTR", "../shared/oracles/ttr_r", 1e-9), one("Skender", "tests/golden/skender", 1e-9)
BEFORE: Record = {"atr": [SKENDER, TTR], "gone": [SKENDER], "nvi": [TTR]}
HELD = [("atr", one("Skender", "tests/golden/skender", 2e-9)), ("new", SKENDER)]


# No source but this project has them, or has them in numbers.
OWN = {"five_dimensions": "views of other entries, traced to them"}


def test_what_only_we_have_worked_out_names_a_second_source() -> None:
    """The author's reading alone has been wrong: another program, or another source in print, stands beside it."""
    kept = record.read(KEPT)
    alone = [
        entry
        for entry, ones in kept.items()
        if not any(one["independent"] for one in ones) and not any(", and " in one["source"] for one in ones)
    ]
    assert alone == sorted(OWN)
    assert len(kept) > 150


def test_what_could_not_be_held_stays_and_what_no_case_says_goes() -> None:
    unheld = [Asked("atr", "TTR", "../shared/oracles/ttr_r"), Asked("nvi", "TTR", "../shared/oracles/ttr_r")]
    after = merged(BEFORE, HELD, unheld, is_whole=True)
    assert after == {"atr": [HELD[0][1], TTR], "new": [SKENDER], "nvi": [TTR]}


def test_a_run_of_some_cases_leaves_the_others() -> None:
    after = merged(BEFORE, HELD, [], is_whole=False)
    assert after == {"atr": [HELD[0][1], TTR], "gone": [SKENDER], "new": [SKENDER], "nvi": [TTR]}


def test_one_source_in_two_folders_is_two() -> None:
    stored, asked = one("Tulip", "../shared/oracles/tulip"), one("Tulip", "tests/golden/pandas_ta_classic")
    unheld = [Asked("fisher", "Tulip", "../shared/oracles/tulip")]
    assert merged({"fisher": [stored]}, [("fisher", asked)], unheld, is_whole=True) == {"fisher": [stored, asked]}


def test_a_run_of_all_cases_with_all_folders_writes_them_all() -> None:
    assert merged(BEFORE, HELD, [], is_whole=True) == {"atr": [HELD[0][1]], "new": [SKENDER]}


def test_a_figure_of_the_last_digits_stays_as_another_machine_wrote_it() -> None:
    kept, new = (
        [one("talipp", "", 1.1e-15), one("talipp", "", 3e-6)],
        [one("talipp", "", 2e-6), one("talipp", "", 8e-16)],
    )
    after = merged({"rsi": kept}, [("rsi", found) for found in new], [], is_whole=True)
    assert [found["largest"] for found in after["rsi"]] == [1.1e-15, 2e-6]
    worse = merged({"rsi": kept[:1]}, [("rsi", one("talipp", "", 2e-9))], [], is_whole=True)
    assert [found["largest"] for found in worse["rsi"]] == [2e-9]


def test_a_clone_without_the_folder_beside_it_erases_nothing_and_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "oracles.json"
    path.write_text(KEPT.read_text())
    cases = ROOT / "tests" / "analysis" / "oracles" / "test_volume.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(cases)],
        cwd=ROOT,
        env={**os.environ, "GRAVITY_SHARED": str(tmp_path / "none"), "GRAVITY_ORACLE_RECORD": str(path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped for want of ../shared/oracles/ttr_r: 1\n" in done.stdout
    before, after = record.read(KEPT), record.read(path)
    assert _sources(after) == _sources(before)


def _sources(kept: Record) -> Counter[Asked]:
    return Counter(Asked(entry, one["source"], one["folder"]) for entry, ones in kept.items() for one in ones)
