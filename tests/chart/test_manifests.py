"""k8s/*.yaml is what the chart renders, in the guide's files, and Helm can take over what kubectl has applied."""

from typing import Any

import pytest
import yaml

from scripts.write_manifests import FOLDER, is_hook, manifests
from tests.chart.render import name, objects
from tests.chart.test_schema import check, versions
from tests.chart.tools import run

GUIDE = [
    "namespace",
    "rbac",
    "redis",
    "secret",
    "configmap",
    "deployment",
    "service",
    "ingress",
    "hpa",
    "monitoring",
]
OURS = ["networkpolicy", "backup"]
BY_HAND = {"namespace.yaml", "secret.yaml", "kustomization.yaml", "restore.yaml"}


def read(path: str) -> list[dict[str, Any]]:
    """Return the objects of a file below k8s/."""
    return list(yaml.safe_load_all((FOLDER / path).read_text()))


def everything() -> list[dict[str, Any]]:
    """Return the objects of all files but those of the trial."""
    return [one for file in [*GUIDE, *OURS] for one in read(f"{file}.yaml")]


def test_the_files_are_in_step() -> None:
    made = manifests()
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.yaml")}
    assert there == set(made) | BY_HAND
    assert {f"{file}.yaml" for file in [*GUIDE, *OURS]} | {
        "kustomization.yaml",
        "restore.yaml",
        "trial/postgres.yaml",
    } == there
    for path, text in made.items():
        assert list(yaml.safe_load_all(text)) == read(path), f"{path}: run `make manifests`"


def test_they_are_the_whole_chart() -> None:
    chart = {name(one) for one in objects("production") if not is_hook(one)}
    files = [name(one) for one in everything()]
    assert len(set(files)) == len(files)
    assert set(files) == chart | {"Namespace/tech-analysis-prod", "Secret/technical-analysis-secret"}


@pytest.mark.parametrize("path", sorted({f"{file}.yaml" for file in [*GUIDE, *OURS]} - BY_HAND))
def test_helm_adopts_what_was_applied(path: str) -> None:
    for one in [*read(path), *read("trial/postgres.yaml")]:
        meta = one["metadata"]
        assert meta["labels"]["app.kubernetes.io/managed-by"] == "Helm", name(one)
        assert meta["annotations"]["meta.helm.sh/release-name"] == "technical-analysis"
        assert meta["annotations"]["meta.helm.sh/release-namespace"] == meta["namespace"] == "tech-analysis-prod"


def test_helm_never_meets_the_namespace_and_the_secret() -> None:
    assert {one["kind"] for one in objects("production")}.isdisjoint({"Namespace", "Secret"})


def test_the_guides_order_has_everything_before_it_is_asked_for() -> None:
    seen: set[str] = set()
    for file in GUIDE:
        for one in read(f"{file}.yaml"):
            seen.add(name(one))
            template = one.get("spec", {}).get("template")
            if template:
                assert needs(template["spec"]) <= seen, name(one)


def needs(spec: dict[str, Any]) -> set[str]:
    """Return what a pod cannot start without."""
    found = {"Namespace/tech-analysis-prod", f"ServiceAccount/{spec['serviceAccountName']}"}
    for container in [*spec.get("initContainers", []), *spec["containers"]]:
        found |= {f"ConfigMap/{source['configMapRef']['name']}" for source in container.get("envFrom", [])}
        for variable in container.get("env", []):
            if "valueFrom" in variable:
                found.add(f"Secret/{variable['valueFrom']['secretKeyRef']['name']}")
    claims = [volume["persistentVolumeClaim"] for volume in spec["volumes"] if "persistentVolumeClaim" in volume]
    return found | {f"PersistentVolumeClaim/{claim['claimName']}" for claim in claims}


def test_kustomize_builds_all_but_the_secret() -> None:
    done = run("kubectl", "kustomize", str(FOLDER))
    assert done.returncode == 0, done.stderr
    built = {name(one) for one in yaml.safe_load_all(done.stdout)}
    assert built == {name(one) for one in everything()} - {"Secret/technical-analysis-secret"}


def test_the_secret_names_its_keys_and_holds_nothing() -> None:
    (secret,) = read("secret.yaml")
    assert set(secret["stringData"]) == {"SECRET_KEY", "JWT_SECRET", "DATABASE_URL", "FLOWER_BASIC_AUTH"}
    assert not any(secret["stringData"].values())


def test_what_is_written_by_hand_is_valid() -> None:
    for version in versions():
        for one in [*read("namespace.yaml"), *read("secret.yaml"), *read("trial/postgres.yaml")]:
            check(one, version)


def test_the_namespace_lets_no_unrestricted_pod_in() -> None:
    (namespace,) = read("namespace.yaml")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
