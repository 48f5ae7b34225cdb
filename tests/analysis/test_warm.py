"""What is compiled before the first job comes."""

import subprocess
import sys

PROGRAM = """
import numba
from analysis.warm import warm
warm()
recorder = numba.core.event.RecordingListener()
numba.core.event.register("numba:compile", recorder)
from analysis import Plan, catalog, run
from tests.analysis import series
for entry in catalog():
    run(Plan.parse([entry.name]), series.rough(400), benchmark=series.rough(400))
print(len(recorder.buffer))
"""


def test_after_warming_up_no_entry_compiles_anything() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0"]
