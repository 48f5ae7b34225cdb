""".env.example names every variable that the settings read, and none that nobody reads."""

import re

from tests.architecture.contract import READ, ROOT

# Read elsewhere: by the local system, and by the metrics library itself.
ELSEWHERE = {"API_PORT", "FLOWER_PORT", "WORKER_CONCURRENCY", "PROMETHEUS_MULTIPROC_DIR"}


def test_the_example_and_the_settings_name_the_same_variables() -> None:
    named = set(re.findall(r"^# ([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert named == READ | ELSEWHERE
