"""A worker that compiles is waited for as long as it goes on, and is heard."""

import time
from pathlib import Path

import pytest

from analysis.precompile import precompile
from gravity.local import compiling
from gravity.local.compiling import Compiling
from gravity.local.errors import Fault
from gravity.local.supervisor import Supervisor

LINES = (
    "2026-01-01T00:00:00Z [info     ] compiled                       done=91 total=225",
    "[\x1b[32minfo\x1b[0m] \x1b[1mcompiled\x1b[0m \x1b[36mdone\x1b[0m=\x1b[35m116\x1b[0m total=225",
)


def test_progress_is_the_last_line_of_the_log_in_either_form(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    compiled = Compiling(log)
    assert compiled.progress() == ""
    log.write_text("celery@vm v5\n" + LINES[0] + "\n")
    assert compiled.progress() == "Compiling: 91 of 225"
    log.write_text("\n".join(LINES) + "\nmore\n")
    assert compiled.progress() == "Compiling: 116 of 225"


def test_a_start_that_takes_its_time_says_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "SILENT_SECONDS", 0.0)
    log = tmp_path / "worker.log"
    log.write_text(LINES[0])
    compiled = Compiling(log)
    compiled.progress()
    compiled.progress()
    assert capsys.readouterr().err == "Compiling: 91 of 225\n"


def test_what_goes_on_is_waited_for_and_what_does_not_is_given_up(tmp_path: Path) -> None:
    began = time.monotonic()
    with Supervisor(tmp_path) as supervisor:
        supervisor.wait(lambda: time.monotonic() > began + 1.5, 0.5, "It", lambda: int(10 * (time.monotonic() - began)))
        with pytest.raises(Fault, match="It within 0 seconds"):
            supervisor.wait(lambda: False, 0.3, "It", lambda: "the same")


def test_compiling_counts_every_entry_of_the_catalogue() -> None:
    told: list[tuple[int, int]] = []
    precompile(lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len({total for _, total in told}) == 1
    assert told[-1][0] == told[-1][1] > 200
