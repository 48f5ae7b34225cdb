"""A small siege: every kind of attack once. Times are not asked for; `make siege` is the large one."""

import subprocess
import sys
from pathlib import Path

from gravity.local.environment import LocalSystem, Ports
from gravity.local.supervisor import ROOT
from tests.siege.attacks import HALF, Attack, attacks
from tests.siege.honest import Honest
from tests.siege.siege import HEAD, Goals, Plan, Siege

SMALL = """
import sys
from math import inf
from tests.siege.siege import Goals, Plan, run
# What is asked for besides: that honest clients are answered, and what one anonymous request may cost: twice what the
# large one allows, for beside others a core takes longer for the same.
patient = Goals(live_seconds=inf, poll_seconds=inf, cpu_milliseconds=100, password_milliseconds=500)
sys.exit(run(Plan(clients=30, seconds=1, requests=500, scale=0.2, goals=patient)))
"""


def test_a_small_siege_is_withstood() -> None:
    done = subprocess.run([sys.executable, "-c", SMALL], capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for attack in attacks("key"):
        assert f"| {attack.name} |" in done.stdout
    assert "siege: withstood" in done.stdout


def test_every_goal_that_is_not_kept_is_told(tmp_path: Path) -> None:
    failures: list[str] = []
    siege = Siege(Plan(goals=Goals()), LocalSystem(tmp_path, Ports(*range(1, 6)), {}), 0, "", "", failures)
    honest = Honest("http://127.0.0.1:1", "key", "/job")
    for name in ("live", "poll"):
        honest.answers[name]["200"] = 1
    anonymous, owners = Attack("half bodies", (), HALF), Attack("bombs, an owner's", (), anonymous=False)
    siege.judge(anonymous, honest, 50.0, 20.0)
    siege.judge(owners, honest, 900.0, 300.0)
    siege.judge(Attack("wrong passwords", ()), honest, 200.0, None)
    assert failures == []

    honest.slowest.update(live=1.5, poll=11.0)
    honest.answers["poll"]["no answer"] = 1
    honest.answers["post"].update({"202": 9, "503": 1})
    siege.judge(anonymous, honest, 51.0, 21.0)
    assert failures == [
        "half bodies: /health/live took 1.50 s",
        "half bodies: a poll took 11.00 s",
        "half bodies: poll was answered {'200': 1, 'no answer': 1}",
        "half bodies: one request costs 51 ms",
        "half bodies: one request takes 21 MB",
        "half bodies: posts were answered {'202': 9, '503': 1}",
    ]


def test_the_page_has_a_line_for_every_attack() -> None:
    page = (ROOT / "docs" / "performance.md").read_text()
    for attack in attacks("key"):
        assert f"\n| {attack.name} |" in page
    assert f"\n| {' | '.join(HEAD)} |\n" in page
