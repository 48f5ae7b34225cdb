"""The pages of monitoring: every metric of ours is on docs/deployment.md, every alert in the table of runbooks."""

import re

from tests.alerts.test_rules import alerts
from tests.chart.tools import ROOT
from tests.ops.test_metrics import GUIDE, OURS

DOCS = ROOT / "docs"


def test_every_metric_is_on_the_page() -> None:
    section = (DOCS / "deployment.md").read_text().split("### Metrics")[1].split("###")[0]
    assert {*GUIDE, *OURS} - set(re.findall(r"`(\w+)`", section)) == set()


def test_the_table_of_runbooks_is_that_of_the_rules() -> None:
    rows = re.findall(
        r"^\| \[(\w+)\]\(\1\.md\) \| (\w+) \| (.+) \|$", (DOCS / "runbooks" / "README.md").read_text(), re.M
    )
    rules = alerts().items()
    said = [(name, rule["labels"]["severity"], rule["annotations"]["description"]) for name, rule in sorted(rules)]
    assert rows == said
