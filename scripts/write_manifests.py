"""Write k8s/*.yaml from the chart, in the files that docs/deployment.md applies one after the other."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.chart.tools import CHART, ROOT, run

NAMESPACE = "tech-analysis-prod"
FOLDER = ROOT / "k8s"
MADE = "# Made by `make manifests` from helm/technical-analysis; change the chart instead.\n"
RELEASE = ("technical-analysis", str(CHART), "-n", NAMESPACE)
PRODUCTION = (*RELEASE, "-f", str(CHART / "values-production.yaml"))
TRIAL = (*RELEASE, "-f", str(CHART / "values-trial.yaml"))
KINDS = {
    "ServiceAccount": "rbac",
    "Role": "rbac",
    "RoleBinding": "rbac",
    "ConfigMap": "configmap",
    "Deployment": "deployment",
    "Job": "deployment",
    "PodDisruptionBudget": "deployment",
    "Service": "service",
    "Ingress": "ingress",
    "HorizontalPodAutoscaler": "hpa",
    "ServiceMonitor": "monitoring",
    "PodMonitor": "monitoring",
    "PrometheusRule": "monitoring",
    "NetworkPolicy": "networkpolicy",
}
# What belongs to one thing is in one file, whatever its kind.
COMPONENTS = {"broker": "redis", "cache": "redis", "monitoring": "monitoring", "backup": "backup"}


def file_of(one: dict[str, Any]) -> str:
    """Return the file of an object, without its ending."""
    component = one["metadata"]["labels"]["app.kubernetes.io/component"]
    return COMPONENTS.get(component) or KINDS[one["kind"]]


def is_hook(one: dict[str, Any]) -> bool:
    """Tell whether Helm runs the object at a moment of its own and keeps it out of the release."""
    return "helm.sh/hook" in one["metadata"].get("annotations", {})


def rendered(*arguments: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of the release that Helm renders, as text and as data."""
    done = run("helm", "template", *arguments)
    if done.returncode:
        sys.exit(done.stderr)
    for text in done.stdout.split("\n---\n"):
        lines = [line for line in text.splitlines() if line and line != "---" and not line.startswith("# Source: ")]
        one = yaml.safe_load(text)
        if one and not is_hook(one):
            yield "\n".join(lines), one


def manifests(*more: str) -> dict[str, str]:
    """Return the content of each file that comes from the chart."""
    parts: dict[str, list[str]] = {}
    for text, one in rendered(*PRODUCTION, *more):
        parts.setdefault(f"{file_of(one)}.yaml", []).append(text)
    for text, one in rendered(*TRIAL):
        name = one["metadata"]["name"]
        if name == "postgres" or name.endswith("-postgres"):
            parts.setdefault("trial/postgres.yaml", []).append(text)
    return {name: MADE + "---\n" + "\n---\n".join(texts) + "\n" for name, texts in parts.items()}


def write(folder: Path, *more: str) -> None:
    """Write the files; further arguments are Helm's."""
    for name, content in manifests(*more).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    write(FOLDER, *sys.argv[1:])
