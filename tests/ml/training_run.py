"""Series that are just enough to train on, and the process that trains on them."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from analysis import Bars
from ml.candidate import Series
from ml.null_walks import walks
from ml.series_folder import put
from ml.training_process import WANTED
from tests.analysis.shipped import ROOT

COUNT = 24  # with fewer, too few of the tried events are of symbols that are held out
OF = Series(f"{COUNT} walks", "1d", "5" * 64, COUNT)


def several(count: int = COUNT) -> Iterator[Bars]:
    """Yield the walks, as many as asked for."""
    return walks(3, count, stochastic=True)


def filled(folder: Path, bars: Iterable[Bars]) -> Path:
    """Put into a folder what the process is to train on."""
    for number, one in enumerate(bars):
        put(folder, number, one)
    (folder / WANTED).write_text(json.dumps({"series": OF._asdict(), "seeds": 0}))
    return folder


def started(folder: Path) -> "subprocess.Popen[str]":
    """Start it."""
    return subprocess.Popen(
        [sys.executable, "-m", "ml.training_process", str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def lines(process: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    """Return everything that it says."""
    assert process.stdout is not None
    with process.stdout:
        return [json.loads(line) for line in process.stdout]
