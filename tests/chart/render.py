"""The chart as Helm renders it, once for each set of values."""

import json
from functools import cache
from typing import Any

import yaml

from tests.chart.every import ELSEWHERE, EVERY, Values
from tests.chart.tools import CHART, run

NAMESPACE = "tech-analysis-prod"
EVERYTHING = (
    *("--set", "workerScaling=keda", "--set", "redis.auth=true", "--set", "ingress.controller=traefik"),
    *("--set", "api.autoscaling.enabled=false", "--set", "api.replicas=2", "--set", "api.verticalAutoscaler=Auto"),
)


def given(values: Values) -> tuple[str, ...]:
    """Return the arguments that give Helm these values."""
    return tuple(word for key, value in values.items() for word in ("--set-json", f"{key}={json.dumps(value)}"))


VALUES: dict[str, tuple[str, ...]] = {
    "default": (),
    "production": ("-f", str(CHART / "values-production.yaml")),
    "trial": ("-f", str(CHART / "values-trial.yaml")),
    "options": ("-f", str(CHART / "values-production.yaml"), *EVERYTHING),
    "every": given(EVERY),
    "elsewhere": given(ELSEWHERE),
    "metric": ("--set", "workerScaling=metric", "--set", "api.autoscaling.requestsPerSecond=1000"),
}
Object = dict[str, Any]


def template(*arguments: str, helm: str = "helm", release: str = "technical-analysis") -> Any:
    """Run `helm template` and return the finished process."""
    return run(helm, "template", release, str(CHART), "-n", NAMESPACE, *arguments)


@cache
def _text(values: str, *more: str) -> str:
    done = template(*VALUES[values], *more)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def objects(values: str, *more: str) -> list[Object]:
    """Return the objects of a set of values, each time others: a test may change them."""
    made: list[Object] = json.loads(_parsed(values, *more))
    return made


@cache
def _parsed(values: str, *more: str) -> str:
    """Return the parsed objects as JSON, which is read back ten times faster than YAML is parsed."""
    return json.dumps([one for one in yaml.load_all(_text(values, *more), Loader=_Loader) if one])


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads what is rendered and refuses a key that is there twice, as kubectl does; YAML would take the last."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    assert not twice, f"{twice} twice, line {node.start_mark.line}"
    return dict(loader.construct_pairs(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def name(one: Object) -> str:
    """Return kind and name, as kubectl prints them."""
    return f"{one['kind']}/{one['metadata']['name']}"


def pods(values: str) -> dict[str, Object]:
    """Return the pod template of everything that makes pods, by kind and name."""
    found = {}
    for one in objects(values):
        if one["kind"] in ("Deployment", "StatefulSet", "Job"):
            found[name(one)] = one["spec"]["template"]
        elif one["kind"] == "CronJob":
            found[name(one)] = one["spec"]["jobTemplate"]["spec"]["template"]
    return found


def containers(pod: Object) -> list[Object]:
    """Return all containers of a pod, those before its start included."""
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def keys_asked_of_secrets(values: str) -> set[str]:
    """Return the keys of secrets that the containers' variables are made of."""
    return {
        variable["valueFrom"]["secretKeyRef"]["key"]
        for pod in pods(values).values()
        for container in containers(pod)
        for variable in container.get("env", [])
        if "valueFrom" in variable
    }


def get(values: str, kind: str, called: str) -> Object:
    """Return the one object of a kind and name."""
    (found,) = [one for one in objects(values) if one["kind"] == kind and one["metadata"]["name"] == called]
    return found
