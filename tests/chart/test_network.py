"""Who may talk to whom, by the rendered policies."""

import pytest

from tests.chart.render import VALUES, Object, get, objects, pods
from tests.chart.test_pods import matches

PROMETHEUS = ("namespace", "monitoring")
INGRESS = ("namespace", "ingress-nginx")
DNS = ("namespace", "kube-system")
STRANGER = ("namespace", "default")
ELSEWHERE = ("address", "203.0.113.0/24")
DATABASE = ("address", "10.0.0.0/8")
Peer = tuple[str, str] | Object


def policies(values: str) -> list[Object]:
    return [one["spec"] for one in objects(values) if one["kind"] == "NetworkPolicy"]


def labels(values: str, owner: str) -> Object:
    (found,) = [pod["metadata"]["labels"] for name, pod in pods(values).items() if name.startswith(owner)]
    return found


def is_peer(rule: Object, peer: Peer) -> bool:
    """Tell whether an entry of from or to means this peer."""
    if isinstance(peer, dict):
        return "podSelector" in rule and "namespaceSelector" not in rule and matches(rule["podSelector"], peer)
    kind, value = peer
    if kind == "namespace":
        wanted = {"kubernetes.io/metadata.name": value}
        return "namespaceSelector" in rule and matches(rule["namespaceSelector"], wanted)
    return rule.get("ipBlock", {}).get("cidr") == value


def allowed(values: str, pod: Object, direction: str, peer: Peer, port: int) -> bool:
    """Tell what the policies that select a pod say: any that allows it is enough."""
    mine = [spec for spec in policies(values) if matches(spec["podSelector"], pod)]
    mine = [spec for spec in mine if direction.capitalize() in spec["policyTypes"]]
    assert mine, "no policy selects the pod, so everything is allowed"
    side = "from" if direction == "ingress" else "to"
    return any(
        port in {entry["port"] for entry in rule["ports"]} and any(is_peer(entry, peer) for entry in rule[side])
        for spec in mine
        for rule in spec.get(direction, [])
    )


def flows(values: str, source: Object, target: Object, port: int) -> bool:
    """Tell whether a connection between two pods passes both their policies."""
    return allowed(values, source, "egress", target, port) and allowed(values, target, "ingress", source, port)


PROGRAM = ("Deployment/technical-analysis", "Deployment/technical-analysis-beat", "Job/technical-analysis-migrate")


@pytest.mark.parametrize("values", VALUES)
def test_every_pod_is_behind_a_policy(values: str) -> None:
    for pod in pods(values).values():
        for direction in ("ingress", "egress"):
            assert not allowed(values, pod["metadata"]["labels"], direction, STRANGER, 22)


def test_the_program_reaches_what_it_stands_on() -> None:
    made = {name: pod["metadata"]["labels"] for name, pod in pods("trial").items()}
    program = [one for name, one in made.items() if one["app"] == "technical-analysis"]
    assert len(program) >= 8
    for one in program:
        assert flows("trial", one, made["Deployment/redis"], 6379)
        assert flows("trial", one, made["Deployment/redis-cache"], 6379)
        assert flows("trial", one, made["StatefulSet/postgres"], 5432)
        assert allowed("trial", one, "egress", DNS, 53)
        assert allowed("production", one, "egress", DATABASE, 5432)
        assert allowed("trial", one, "ingress", PROMETHEUS, 9101)


def test_what_comes_in() -> None:
    api = next(pod["metadata"]["labels"] for name, pod in pods("production").items() if name == PROGRAM[0])
    assert allowed("production", api, "ingress", INGRESS, 8000)
    assert allowed("production", api, "ingress", PROMETHEUS, 8000)
    assert allowed("production", api, "ingress", {"technical-analysis-client": "true"}, 8000)
    assert not allowed("production", api, "ingress", {"app": "other"}, 8000)
    assert not allowed("production", api, "ingress", STRANGER, 8000)
    assert not allowed("production", api, "egress", ELSEWHERE, 443)


def test_the_stores_answer_the_program_alone() -> None:
    made = {name: pod["metadata"]["labels"] for name, pod in pods("trial").items()}
    for store, port in (("Deployment/redis", 6379), ("Deployment/redis-cache", 6379), ("StatefulSet/postgres", 5432)):
        assert not allowed("trial", made[store], "ingress", {"app": "other"}, port)
        assert not allowed("trial", made[store], "ingress", INGRESS, port)
        assert not allowed("trial", made[store], "egress", ELSEWHERE, 443)


@pytest.mark.parametrize("values", VALUES)
def test_only_the_worker_that_calls_back_reaches_the_world(values: str) -> None:
    world = ("address", "0.0.0.0/0")
    for name in (f"Deployment/technical-analysis-worker-{queue}" for queue in ("maintenance", "indicators")):
        pod = labels(values, name)
        assert allowed(values, pod, "egress", world, 443) == name.endswith("worker-maintenance"), name


@pytest.mark.parametrize("values", ["production", "every"])
def test_helm_test_finds_the_service_by_the_same_dns(values: str) -> None:
    def asked(policy: str) -> list[Object]:
        spec = get(values, "NetworkPolicy", f"technical-analysis-{policy}")["spec"]
        return [rule for rule in spec["egress"] if {"protocol": "UDP"}.items() <= rule["ports"][0].items()]

    assert asked("test") == asked("netpol") != []
