"""A small storm on real PostgreSQL and Redis: every kind of fault once, nothing lost. `make chaos` is the large one."""

import os
import subprocess
import sys

import pytest

from gravity.local.errors import Fault
from gravity.local.services import postgres_binary, redis_binary

SMALL = """
import sys
from tests.chaos import faults
from tests.chaos.storm import Weather, run
kinds = tuple(getattr(faults, sys.argv[1]))
times = dict(pause_seconds=0.5, lease_seconds=4, sweep_seconds=2, settle_seconds=120)
sys.exit(run(Weather(jobs=int(sys.argv[2]), threads=2, rate=8, kinds=kinds, **times)))
"""


pytestmark = pytest.mark.timeout(450)  # more than the storm itself may take, below


# Of conditions each takes as long as something must wait for it, so there are fewer jobs.
@pytest.mark.parametrize(("kinds", "jobs"), [("LOSSES", 240), ("CONDITIONS", 80)])
def test_nothing_is_lost_doubled_or_stuck_in_a_small_storm(kinds: str, jobs: int) -> None:
    try:
        postgres_binary("postgres"), redis_binary()
    except Fault as absent:
        pytest.skip(str(absent))
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    done = subprocess.run(
        [sys.executable, "-c", SMALL, kinds, str(jobs)],
        env=inherited,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost 0   doubled 0   stuck 0" in done.stdout
