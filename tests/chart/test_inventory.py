"""What each set of values installs: every object, none more."""

import re

import pytest
import yaml

from jobs.queues import QUEUES
from tests.chart.render import VALUES, containers, get, name, objects, pods
from tests.chart.tools import CHART, ROOT, run

WORKERS = {f"technical-analysis-worker-{queue}" for queue in QUEUES}
SCALED = WORKERS - {"technical-analysis-worker-maintenance"}
PLAIN = {
    "ConfigMap/ml-models-config",
    "ConfigMap/technical-analysis-config",
    "Deployment/redis",
    "Deployment/redis-cache",
    "Deployment/technical-analysis",
    "Deployment/technical-analysis-beat",
    "Deployment/technical-analysis-flower",
    "Job/technical-analysis-migrate",
    "NetworkPolicy/technical-analysis-callbacks",
    "NetworkPolicy/technical-analysis-deny",
    "NetworkPolicy/technical-analysis-netpol",
    "NetworkPolicy/technical-analysis-redis",
    "NetworkPolicy/technical-analysis-redis-cache",
    "PersistentVolumeClaim/redis-data",
    "Role/technical-analysis",
    "RoleBinding/technical-analysis",
    "Service/redis-cache",
    "Service/redis-service",
    "Service/technical-analysis",
    "Service/technical-analysis-flower",
    "ServiceAccount/technical-analysis",
    *(f"{kind}/{worker}" for kind in ("Deployment", "PodDisruptionBudget") for worker in WORKERS),
}
HOOKS = {"Pod/technical-analysis-test", "NetworkPolicy/technical-analysis-test"}
API_BUDGET = {"PodDisruptionBudget/technical-analysis"}
WORKER_HPAS = {f"HorizontalPodAutoscaler/{worker}" for worker in SCALED}
AUTOSCALERS = {"HorizontalPodAutoscaler/technical-analysis-hpa", *WORKER_HPAS}
PRODUCTION = {
    "ConfigMap/technical-analysis-dashboard",
    "CronJob/technical-analysis-backup",
    "Ingress/technical-analysis",
    "PersistentVolumeClaim/technical-analysis-backup",
    "PodMonitor/technical-analysis",
    "PrometheusRule/technical-analysis",
    "ServiceMonitor/technical-analysis",
}
TRIAL = {
    "NetworkPolicy/technical-analysis-postgres",
    "Secret/technical-analysis-secret",
    "Service/postgres",
    "StatefulSet/postgres",
}
KEDA = {"TriggerAuthentication/technical-analysis-database", *(f"ScaledObject/{worker}" for worker in SCALED)}
TRAEFIK = {f"Middleware/technical-analysis-{name}" for name in ("rate", "limits", "headers")}
VPA = {"VerticalPodAutoscaler/technical-analysis-vpa"}
STORES = {
    one
    for one in PLAIN
    if one.split("/")[1] in ("redis", "redis-cache", "redis-data", "redis-service") or "analysis-redis" in one
}
FLOWER = {"Deployment/technical-analysis-flower", "Service/technical-analysis-flower"}
ACCOUNT = {"ServiceAccount/technical-analysis"}
MORE = {
    "HTTPRoute/technical-analysis",
    "ConfigMap/technical-analysis-extra",
    "PersistentVolumeClaim/technical-analysis-archive",
}
EXPECTED = {
    "default": PLAIN | API_BUDGET | AUTOSCALERS,
    "production": PLAIN | API_BUDGET | AUTOSCALERS | PRODUCTION,
    "trial": PLAIN | TRIAL,
    "every": (PLAIN - ACCOUNT)
    | API_BUDGET
    | AUTOSCALERS
    | PRODUCTION
    | {"ServiceAccount/account"}
    | MORE
    | (TRIAL - {"Secret/technical-analysis-secret"}),
    "elsewhere": (PLAIN - STORES - FLOWER - ACCOUNT)
    | {"Secret/technical-analysis-secret"}
    | VPA
    | (KEDA - {"ScaledObject/technical-analysis-worker-ml"}),
    "options": PLAIN | API_BUDGET | PRODUCTION | KEDA | TRAEFIK | VPA,
    "metric": PLAIN | API_BUDGET | AUTOSCALERS,
}


@pytest.mark.parametrize("values", VALUES)
def test_inventory(values: str) -> None:
    # The Job's name ends with a hash of what it is.
    names = [re.sub(r"(?<=-migrate)-[0-9a-f]{10}$", "", name(one)) for one in objects(values)]
    assert len(set(names)) == len(names)
    assert set(names) == EXPECTED[values] | HOOKS


@pytest.mark.parametrize("values", ["values", "values-production", "values-trial"])
def test_lint_is_strict(values: str) -> None:
    done = run("helm", "lint", "--strict", str(CHART), "-f", str(CHART / f"{values}.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_package(tmp_path) -> None:
    done = run("helm", "package", str(CHART), "-d", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["technical-analysis-1.1.0.tgz"]


def test_the_charts_card_names_its_images_and_its_pictures() -> None:
    card = yaml.safe_load((CHART / "Chart.yaml").read_text())
    named = {one["image"] for one in yaml.safe_load(card["annotations"]["artifacthub.io/images"])}
    used = {c["image"] for values in ("production", "trial") for pod in pods(values).values() for c in containers(pod)}
    assert named == used
    branch = "/gravity_techanalysis/main/"
    assert (ROOT / card["icon"].partition(branch)[2]).is_file()
    for link in yaml.safe_load(card["annotations"]["artifacthub.io/links"]):
        assert (ROOT / link["url"].partition("/main/")[2]).exists(), link


def test_there_is_a_worker_for_every_queue_and_no_other() -> None:
    found = {one["metadata"]["name"] for one in objects("default") if "-worker-" in name(one)}
    assert found == WORKERS


def test_the_autoscaler_is_the_guides() -> None:
    spec = get("metric", "HorizontalPodAutoscaler", "technical-analysis-hpa")["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (3, 50)
    cpu, memory, requests = spec["metrics"]
    assert cpu["resource"] == {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}
    assert memory["resource"] == {"name": "memory", "target": {"type": "Utilization", "averageUtilization": 75}}
    assert requests["pods"] == {
        "metric": {"name": "http_requests_per_second"},
        "target": {"type": "AverageValue", "averageValue": "1k"},
    }
    assert spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"] == 300
    assert len(get("default", "HorizontalPodAutoscaler", "technical-analysis-hpa")["spec"]["metrics"]) == 2


@pytest.mark.parametrize("values", VALUES)
def test_nobody_else_sets_replicas_where_an_autoscaler_does(values: str) -> None:
    scalers = [one for one in objects(values) if one["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")]
    owned = {one["spec"]["scaleTargetRef"]["name"] for one in scalers}
    assert len(owned) == len(scalers)
    for one in objects(values):
        if one["kind"] == "Deployment":
            assert ("replicas" in one["spec"]) != (one["metadata"]["name"] in owned), name(one)
