"""What production requests at its smallest fits on the three nodes that docs/deployment.md asks for."""

from tests.chart.render import Object, get, objects

NODES, CPU, GIGABYTES = 3, 4.0, 8.0
SYSTEM = 0.15  # of a node is the system's own
UNITS = {"m": 0.001, "Mi": 2.0**20, "Gi": 2.0**30}


def number(quantity: str) -> float:
    """Return a quantity as Kubernetes writes it, as a number."""
    for unit, factor in UNITS.items():
        if quantity.endswith(unit):
            return float(quantity.removesuffix(unit)) * factor
    return float(quantity)


def pods(one: Object) -> int:
    """Return how many pods a Deployment has at its smallest."""
    if "replicas" in one["spec"]:
        return int(one["spec"]["replicas"])
    called = one["metadata"]["name"]
    scaler = "technical-analysis-hpa" if called == "technical-analysis" else called
    return int(get("production", "HorizontalPodAutoscaler", scaler)["spec"]["minReplicas"])


def test_production_fits_on_three_nodes() -> None:
    total = {"cpu": 0.0, "memory": 0.0}
    for one in objects("production"):
        if one["kind"] == "Deployment":
            for container in one["spec"]["template"]["spec"]["containers"]:
                for resource in total:
                    total[resource] += pods(one) * number(container["resources"]["requests"][resource])
    assert 0.3 * NODES * CPU < total["cpu"] < NODES * CPU * (1 - SYSTEM)
    assert 0.3 * NODES * GIGABYTES * 1e9 < total["memory"] < NODES * GIGABYTES * 1e9 * (1 - SYSTEM)
