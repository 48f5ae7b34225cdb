"""What a worker has loaded when it takes its first task."""

import json
import subprocess
import sys

# As the worker's own start does it, up to the fork: the app with its tasks, the engine with its compiled loops.
PROGRAM = """
import json, sys
from gravity.celery import app
app.loader.import_default_modules()
app.finalize()
from tasks.worker.startup import compile_loops
compile_loops()
print(json.dumps({"tasks": sorted(app.tasks), "loaded": sorted(sys.modules)}))
"""


def test_a_worker_loads_nothing_that_is_made_for_files_and_notebooks() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert any(name.startswith("tasks.") for name in found["tasks"])
    assert not {"pandas", "pyarrow", "matplotlib", "polars", "IPython"} & set(found["loaded"])
