"""docs/disaster-recovery.md says which leases and sweeps are the drill's, and which are production's."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = " ".join((ROOT / "docs" / "disaster-recovery.md").read_text().split())
WORDS = {5: "five", 10: "ten", 20: "twenty", 30: "thirty", 60: "sixty"}


def test_leases_and_sweeps_are_those_of_the_drill_and_the_defaults() -> None:
    drill = (ROOT / "scripts" / "drill.py").read_text()
    lease, sweep = (int(re.findall(rf'"{name}": "(\d+)"', drill)[0]) for name in ("LEASE_SECONDS", "SWEEP_SECONDS"))
    usual = f"{WORDS[settings.LEASE_SECONDS]} and {WORDS[settings.SWEEP_SECONDS]} in production"
    assert f"Leases and sweeps are {WORDS[lease]} and {WORDS[sweep]} seconds in the drill, {usual}" in PAGE
    assert f"lease ({settings.LEASE_SECONDS} s) and the sweep ({settings.SWEEP_SECONDS} s)" in PAGE
