"""Whatever a rule, a panel or an autoscaler reads is exported by the running program, or says where it comes from."""

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from jobs import selectors
from jobs.hold_rows import READ_ONLY
from jobs.requests import JobRequest
from jobs.services.hold import hold, release
from jobs.services.submit import submit
from ops import collectors
from tests.alerts.names import metrics_in
from tests.bars import random_walk
from tests.chart.render import objects
from tests.chart.tools import CHART, ROOT

EXTERNAL = yaml.safe_load((ROOT / "monitoring" / "external_metrics.yaml").read_text())
ADAPTER = yaml.safe_load((ROOT / "monitoring" / "prometheus-adapter.yaml").read_text())["rules"]
GROUPS = yaml.safe_load((CHART / "files" / "rules.yaml").read_text())["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
PANELS = json.loads((CHART / "files" / "dashboard.json").read_text())["panels"]
RECORDED = {rule["record"] for rule in RULES if "record" in rule}


@pytest.fixture
def exported(db: None, broker: object, client: Client, tmp_path, settings, monkeypatch) -> set[str]:
    """The names of all series that /metrics has while broker, database and beat are there."""
    settings.HEARTBEAT_DIR = tmp_path
    (tmp_path / "beat").touch()
    os.utime(tmp_path / "beat")
    # A registry that has not remembered an earlier test's answer.
    fresh = collectors.CollectorRegistry()
    fresh.register(collectors.SystemCollector())
    monkeypatch.setattr("ops.exposition.registry", fresh)
    client.get("/api/v1/")
    families = text_string_to_metric_families(client.get("/metrics").content.decode())
    return {name for family in families for name in series(family)}


def series(family: Any) -> Iterator[str]:
    """Yield the names that a family's series have, also while it has none."""
    yield from {
        "counter": [f"{family.name}_total"],
        "histogram": [f"{family.name}{end}" for end in ("_bucket", "_count", "_sum")],
    }.get(family.type, [family.name])


def read() -> dict[str, set[str]]:
    """Return what is read, by who reads it."""
    readers = {f"rule {rule.get('alert') or rule['record']}": metrics_in(rule["expr"]) for rule in RULES}
    for panel in PANELS:
        queries = [target["expr"] for target in panel.get("targets", [])]
        readers[f"panel {panel['title']}"] = {name for query in queries for name in metrics_in(query)}
    for kind in ("custom", "external"):
        for rule in ADAPTER[kind]:
            asked = rule["metricsQuery"].replace("<<.Series>>", rule["name"]["matches"].strip("^$"))
            asked = asked.replace("<<.LabelMatchers>>", "").replace("<<.GroupBy>>", "namespace")
            readers[f"adapter {rule['seriesQuery']}"] = metrics_in(rule["seriesQuery"]) | metrics_in(asked)
    return readers


def test_everything_that_is_read_is_exported(exported: set[str]) -> None:
    known = exported | set(EXTERNAL) | RECORDED
    missing = {reader: names - known for reader, names in read().items() if names - known}
    assert not missing
    assert all(read().values()), "a reader of which no name was found"


def test_what_comes_from_elsewhere_is_read_and_says_from_where(exported: set[str]) -> None:
    assert set(EXTERNAL) <= {name for names in read().values() for name in names}
    assert not set(EXTERNAL) & exported
    assert all(len(source) >= 10 for source in EXTERNAL.values())


def test_the_autoscalers_read_what_the_adapter_offers() -> None:
    offered = {rule["name"]["matches"].strip("^$") for kind in ("custom", "external") for rule in ADAPTER[kind]}
    asked = set()
    for one in objects("metric"):
        if one["kind"] == "HorizontalPodAutoscaler":
            for metric in one["spec"]["metrics"]:
                asked |= {metric[kind]["metric"]["name"] for kind in ("pods", "external") if kind in metric}
    assert asked == offered == {"http_requests_per_second", "queue_depth"}


def counted_by_keda() -> dict[str, int]:
    """Return what the chart's queries count, by queue."""
    counted = {}
    for one in objects("options"):
        if one["kind"] == "ScaledObject":
            query = one["spec"]["triggers"][0]["metadata"]["query"]
            if connection.vendor == "sqlite":
                query = query.replace("now()", "CURRENT_TIMESTAMP")
            with connection.cursor() as cursor:
                cursor.execute(query)
                counted[re.search(r"queue = '(\w+)'", query)[1]] = cursor.fetchone()[0]
    return counted


def test_kedas_queries_count_the_backlog(owner) -> None:
    submit(owner=owner, request=JobRequest(analyses=["rsi"], bars=random_walk(50)), now=timezone.now())
    counted = counted_by_keda()
    figures = selectors.queue_figures(now=timezone.now())
    assert counted == {queue: figure.depth for queue, figure in figures.items()}
    assert sum(counted.values()) == 1


@pytest.mark.parametrize("name", ["interactive", READ_ONLY])
def test_what_staff_hold_needs_no_workers(owner, broker, name: str) -> None:
    submit(owner=owner, request=JobRequest(analyses=["rsi"], bars=random_walk(50)), now=timezone.now())
    hold(name, by="staff:one", now=timezone.now())
    assert set(counted_by_keda().values()) == {0}
    release(name, by="staff:one", now=timezone.now())
    assert counted_by_keda()["interactive"] == 1
    hold("ml", by="staff:one", now=timezone.now())
    assert counted_by_keda()["interactive"] == 1, "another queue is held"


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('sum by (a) (rate(x_total{b=~"c.*"}[5m])) > 0.05', {"x_total"}),
        (
            'max by (q) (d) > 0 unless on (q) label_replace(sum by (w) (up{a="b"}) > 0, "q", "$1", "w", "(.*)")',
            {"d", "up"},
        ),
        ("time() - max(t) > 120 or absent(t)", {"t"}),
    ],
)
def test_names_are_found(expression: str, names: set[str]) -> None:
    assert metrics_in(expression) == names
