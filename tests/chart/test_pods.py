"""What holds of every pod: labels that select, no rights, a read-only root, resources, probes that exist."""

from typing import Any

import pytest
from django.urls import resolve

from ops.heartbeats import KINDS
from tests.chart.render import VALUES, Object, containers, name, objects, pods

RECOMMENDED = {f"app.kubernetes.io/{word}" for word in ("name", "instance", "version", "component", "part-of")} | {
    "app.kubernetes.io/managed-by"
}
every = pytest.mark.parametrize("values", VALUES)


def matches(selector: Object, labels: Object) -> bool:
    """Tell whether a selector with matchLabels and In-expressions selects these labels."""
    wanted = selector.get("matchLabels", {}).items() <= labels.items()
    return wanted and all(labels.get(e["key"]) in e["values"] for e in selector.get("matchExpressions", []))


@every
def test_every_object_has_the_labels_and_helms_annotations(values: str) -> None:
    for one in objects(values):
        meta = one["metadata"]
        assert set(meta["labels"]) >= RECOMMENDED, name(one)
        assert meta["namespace"] == "tech-analysis-prod"
        assert meta["labels"]["app.kubernetes.io/managed-by"] == "Helm"
        assert meta["annotations"]["meta.helm.sh/release-name"] == "technical-analysis"
        assert meta["annotations"]["meta.helm.sh/release-namespace"] == "tech-analysis-prod"


@every
def test_selectors_find_exactly_their_own_pods(values: str) -> None:
    made = pods(values)
    for one in objects(values):
        spec, kind = one.get("spec", {}), one["kind"]
        if kind in ("Deployment", "StatefulSet"):
            found = [n for n, pod in made.items() if matches(spec["selector"], pod["metadata"]["labels"])]
            assert found == [name(one)]
        elif kind == "Service":
            found = [n for n, pod in made.items() if spec["selector"].items() <= pod["metadata"]["labels"].items()]
            assert len(found) == 1, name(one)
            ports = {port["name"] for c in containers(made[found[0]]) for port in c.get("ports", [])}
            assert {port["targetPort"] for port in spec["ports"]} <= ports
        elif kind in ("PodDisruptionBudget", "PodMonitor"):
            found = [n for n, pod in made.items() if matches(spec["selector"], pod["metadata"]["labels"])]
            assert found, name(one)


@every
def test_every_pod_is_restricted(values: str) -> None:
    for owner, pod in pods(values).items():
        spec = pod["spec"]
        security = spec["securityContext"]
        assert security["runAsNonRoot"] is True, owner
        assert security.get("runAsUser", 0) > 0 or values == "elsewhere"  # where the platform gives the user
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
        assert not [volume for volume in spec["volumes"] if "hostPath" in volume]
        for container in containers(pod):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, owner


@every
def test_every_container_says_what_it_needs(values: str) -> None:
    for owner, pod in pods(values).items():
        volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
        volumes |= {"data"} if owner.startswith("StatefulSet") else set()
        for container in containers(pod):
            for bound in ("requests", "limits"):
                assert set(container["resources"][bound]) >= {"cpu", "memory"}, owner
            assert ":" in container["image"].rsplit("/", 1)[-1]
            assert not container["image"].endswith(":latest")
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes


@every
def test_probes_ask_what_the_program_answers(values: str) -> None:
    served = {"/flower/healthcheck"}  # Flower's own
    for owner, pod in pods(values).items():
        if not owner.startswith("Deployment"):
            continue
        for container in pod["spec"]["containers"][:1]:  # what stands beside the program is somebody else's
            probes = {kind: container[kind] for kind in container if kind.endswith("Probe")}
            assert "livenessProbe" in probes, owner
            for probe in probes.values():
                check_probe(probe, container, served)


def check_probe(probe: Object, container: Object, served: set[str]) -> None:
    """Look a probe's address, port or command up in the program."""
    if "httpGet" in probe:
        path = probe["httpGet"]["path"]
        assert path in served or resolve(path)
        assert probe["httpGet"]["port"] in {port["name"] for port in container["ports"]}
    elif "exec" in probe and "docker" in (command := probe["exec"]["command"])[1]:
        assert command[:2] == ["sh", "/app/docker/probe.sh"]
        assert command[2] in KINDS


def test_a_release_starts_on_its_own_schema_only() -> None:
    for owner, pod in pods("production").items():
        labels: dict[str, Any] = pod["metadata"]["labels"]
        if owner.startswith("Deployment") and labels.get("app") == "technical-analysis":
            (wait,) = pod["spec"]["initContainers"]
            assert wait["command"] == ["sh", "/app/docker/start.sh", "wait"], owner


def test_a_worker_has_time_to_end() -> None:
    from django.conf import settings

    for owner, pod in pods("production").items():
        if "-worker-" in owner:
            assert pod["spec"]["terminationGracePeriodSeconds"] > settings.CHUNK_HARD_LIMIT_SECONDS
