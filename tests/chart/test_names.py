"""The release technical-analysis has the guide's names; two others in one namespace share nothing."""

from functools import cache

import yaml

from tests.chart.render import NAMESPACE, VALUES, Object, name
from tests.chart.test_pods import matches
from tests.chart.tools import CHART, run


@cache
def _text(release: str, *more: str) -> str:
    done = run("helm", "template", release, str(CHART), "-n", NAMESPACE, *VALUES["trial"], *more)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def release(called: str, *more: str) -> list[Object]:
    return [one for one in yaml.safe_load_all(_text(called, *more)) if one]


MONITORED = ("--set", "monitoring.enabled=true,monitoring.dashboard=true,ingress.enabled=true,backup.enabled=true")


def test_two_releases_share_no_object() -> None:
    first, other = release("technical-analysis", *MONITORED), release("blue", *MONITORED)
    assert len(first) == len(other)
    assert {name(one) for one in first} & {name(one) for one in other} == set()
    assert {
        one["metadata"]["name"] for one in other if not one["metadata"]["name"].startswith("blue-technical-analysis")
    } == set()


def test_no_selector_of_one_finds_a_pod_of_the_other() -> None:
    first, other = release("technical-analysis", *MONITORED), release("blue", *MONITORED)
    pods = [one["spec"]["template"]["metadata"]["labels"] for one in first if "template" in one.get("spec", {})]
    pods += [one["metadata"]["labels"] for one in first if one["kind"] == "Pod"]
    assert len(pods) > 8
    selectors = list(_selectors(other))
    assert len(selectors) > 25
    # A database in the namespace may be anybody's, and so may a client.
    of_others = ({"app": "postgres"}, {"technical-analysis-client": "true"})
    mine = [one for one in selectors if one.get("matchLabels") not in of_others]
    assert [one for one in mine if any(matches(one, pod) for pod in pods)] == []


def _selectors(node: object):
    if isinstance(node, list):
        for one in node:
            yield from _selectors(one)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("selector", "podSelector", "labelSelector") and isinstance(value, dict):
                yield value if "matchLabels" in value or "matchExpressions" in value else {"matchLabels": value}
            else:
                yield from _selectors(value)


def test_whatever_is_spoken_of_is_there() -> None:
    for called in ("technical-analysis", "blue"):
        made = release(called, *MONITORED)
        there = {name(one) for one in made}
        text = _text(called, *MONITORED)
        for one in made:
            pod = one.get("spec", {}).get("template", {}).get("spec", {})
            for container in [*pod.get("initContainers", []), *pod.get("containers", [])]:
                for source in container.get("envFrom", []):
                    assert f"ConfigMap/{source['configMapRef']['name']}" in there
                for variable in container.get("env", []):
                    if "valueFrom" in variable:
                        assert f"Secret/{variable['valueFrom']['secretKeyRef']['name']}" in there
            if pod:
                assert f"ServiceAccount/{pod['serviceAccountName']}" in there
        hosts = {
            word.split(":")[1].strip("/")
            for line in text.splitlines()
            if "_URL: redis" in line
            for word in [line.split(": ")[1]]
        }
        assert {f"Service/{host}" for host in hosts} <= there
        assert len(hosts) == 2


def test_a_name_of_ones_own_and_that_of_1_1() -> None:
    assert {name(one) for one in release("blue", "--set", "fullnameOverride=technical-analysis")} >= {
        "Deployment/redis",
        "Service/redis-service",
        "Deployment/technical-analysis",
    }
    names = {one["metadata"]["name"] for one in release("blue", "--set", "fullnameOverride=green")}
    assert {one for one in names if not one.startswith("green")} == set()


def test_the_alerts_look_at_the_releases_own_pods() -> None:
    (rules,) = [one for one in release("blue", *MONITORED) if one["kind"] == "PrometheusRule"]
    expressions = [
        rule["expr"] for group in rules["spec"]["groups"] for rule in group["rules"] if "pod=~" in rule["expr"]
    ]
    assert len(expressions) == 2
    assert all('pod=~"blue-technical-analysis-.*"' in one for one in expressions)
