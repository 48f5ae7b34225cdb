"""What a cluster has after the guide: the objects of k8s/, with what others bring."""

from functools import cache
from typing import Any

import yaml

from tests.chart.render import Object
from tests.chart.tools import ROOT

NAMESPACE = "tech-analysis-prod"
# As kubectl lets one write them.
KINDS = {
    "namespace": "Namespace",
    "serviceaccount": "ServiceAccount",
    "role": "Role",
    "rolebinding": "RoleBinding",
    "pod": "Pod",
    "svc": "Service",
    "service": "Service",
    "deploy": "Deployment",
    "deployment": "Deployment",
    "statefulset": "StatefulSet",
    "hpa": "HorizontalPodAutoscaler",
    "ingress": "Ingress",
    "configmap": "ConfigMap",
    "secret": "Secret",
    "cronjob": "CronJob",
    "job": "Job",
    "networkpolicy": "NetworkPolicy",
    "node": "Node",
    "event": "Event",
}
UNNAMED = {"Node", "Event"}


def kind(word: str) -> str:
    """Return the kind that a word of the command line means."""
    found = KINDS.get(word) or KINDS.get(word.removesuffix("s"))
    assert found, f"{word} is no kind of object that is here"
    return found


@cache
def _objects() -> list[Object]:
    found: list[Any] = []
    for path in sorted((ROOT / "k8s").rglob("*.yaml")):
        found.extend(yaml.safe_load_all(path.read_text()))
    return [one for one in found if "metadata" in one]


def named(which: str) -> dict[str, Object]:
    """Return the objects of a kind by their names."""
    return {one["metadata"]["name"]: one for one in _objects() if one["kind"] == which}


def labels(which: str) -> list[dict[str, str]]:
    """Return the labels of all objects of a kind; of pods, those that their owners give them."""
    if which != "Pod":
        return [one["metadata"].get("labels", {}) for one in named(which).values()]
    found = [one["metadata"]["labels"] for one in named("Pod").values()]
    for one in _objects():
        spec = one.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            found.append(template["metadata"]["labels"])
    return found
