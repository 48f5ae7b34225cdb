""".env.example names every variable that the settings read, and none that nobody reads."""

import re

from gravity.local.supervisor import ROOT

READ = re.compile(r"""env\.\w+\(\s*"([A-Z][A-Z0-9_]+)\"""")
# Read elsewhere: by the local system, and by the metrics library itself.
ELSEWHERE = {"API_PORT", "FLOWER_PORT", "WORKER_CONCURRENCY", "PROMETHEUS_MULTIPROC_DIR"}


def test_the_example_and_the_settings_name_the_same_variables() -> None:
    read = set(READ.findall((ROOT / "gravity" / "settings.py").read_text()))
    named = set(re.findall(r"^# ([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert named == read | ELSEWHERE
