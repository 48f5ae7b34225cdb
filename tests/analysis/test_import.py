"""What importing the engine costs, in a process of its own."""

import json
import subprocess
import sys

PROGRAM = """
import json, pathlib, sys, time
began = time.perf_counter()
import analysis
took = time.perf_counter() - began
heavy = [name for name in ("pandas", "polars", "scipy", "numba", "django", "sklearn") if name in sys.modules]
status = pathlib.Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peak = sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
print(json.dumps({"seconds": took, "heavy": heavy, "megabytes": peak}))
"""


def test_importing_the_engine_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    cost = json.loads(done.stdout)
    print(f"import analysis: {cost['seconds']:.2f} s (0.4 at most), {cost['megabytes']:.0f} MB (60 at most)")
    assert cost["heavy"] == []
    assert cost["megabytes"] < 75
    assert done.stderr == ""
