"""A worker's children share what was loaded before them, and give back what their work has left."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="there is no /proc of Linux")

MEMORY = """
def held(kind):
    lines = open("/proc/self/smaps_rollup").read().splitlines()[1:]
    return sum(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1_000
"""

SHARED = (
    MEMORY
    + """
import gc, json, os, sys
from gravity.celery import app
app.loader.import_default_modules()
from tasks.worker.startup import share_what_is_loaded
if sys.argv[1] == "shared":
    share_what_is_loaded()
reader, writer = os.pipe()
if os.fork() == 0:
    gc.collect()
    os.write(writer, json.dumps([held("Private_Dirty")]).encode())
    os._exit(0)
os.wait()
print(os.read(reader, 100).decode())
"""
)

TRIMMED = (
    MEMORY
    + """
import json, time
import numpy as np
from analysis.kernels.allocator import keep_memory
from gravity.celery import app
app.loader.import_default_modules()
from tasks.worker import trimming
keep_memory()
trimming.listen()
found, kept = [], []
for is_over in (False, True):
    columns = [(np.ones(5_000), bytearray(600)) for _ in range(1_000)]
    kept.append([small for _, small in columns])
    del columns
    before = held("Rss")
    trimming.start()
    if not is_over:
        trimming.stop()
    time.sleep(3 * trimming.IDLE_SECONDS)
    found.append(before - held("Rss"))
print(json.dumps(found))
"""
)


def told(program: str, *arguments: str) -> list[float]:
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found: list[float] = json.loads(done.stdout)
    return found


@linux
def test_a_child_that_collects_garbage_has_no_copy_of_what_it_shares() -> None:
    (copied,), (shared,) = told(SHARED, "copied"), told(SHARED, "shared")
    assert copied > 15
    assert shared < copied / 3


@linux
def test_who_has_nothing_to_do_gives_back_what_lies_between_and_who_has_keeps_it() -> None:
    at_work, idle = told(TRIMMED)
    assert at_work < 5
    assert idle > 20
