"""Say whether Helm can take over what `kubectl apply -f k8s/` made: the law over everything that is rendered.

Helm 4 applies on the server's side, where a field that another manager has set otherwise is a conflict. So nothing may
be rendered that the server stores in another form than it was sent in (an empty list, map or null; a quantity such as
1024Mi), and a field that k8s/*.yaml and the chart both set is equal in both.
"""

import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from scripts.write_manifests import FOLDER, NAMESPACE, PRODUCTION, TRIAL, is_hook
from tests.chart.tools import run

Object = dict[str, Any]
# What a list's entries are told apart by; a list that is not here belongs to one manager as a whole.
KEYS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "env": ("name",),
    "volumeMounts": ("mountPath",),
    "ports": ("containerPort", "port", "protocol"),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
}
DECIMAL = {"m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15}
BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5}
QUANTITIES = re.compile(r"(^|\.)(requests|limits)\.[^.]+$|\.(sizeLimit|averageValue)$")
VALUE_FILES = {"values-production.yaml": PRODUCTION, "values-trial.yaml": TRIAL}
HEAD = ("values", "helm", "objects", "empty", "quantities", "in k8s/", "fields in both", "unequal")


def stored(quantity: str) -> str:
    """Return a quantity as the API server stores it: the largest suffix with which it is a whole number."""
    number, suffix = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", quantity).groups()  # type: ignore[union-attr]
    if not Decimal(number):
        return "0"
    if suffix in BINARY:
        amount = Decimal(number) * 1024 ** BINARY[suffix]
        for name, power in reversed(BINARY.items()):
            if amount % 1024**power == 0:
                return f"{int(amount / 1024**power)}{name}"
    else:
        amount = Decimal(number).scaleb(DECIMAL[suffix])
        for name, power in reversed(DECIMAL.items()):
            if amount.scaleb(-power) % 1 == 0:
                return f"{int(amount.scaleb(-power))}{name}"
    raise ValueError(f"{quantity} is finer than a server stores")


def leaves(node: Any, path: str = "", key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every field as a server tells fields apart, with its value; an empty one too."""
    if isinstance(node, dict) and node:
        for name, value in node.items():
            yield from leaves(value, f"{path}.{name}", name)
    elif isinstance(node, list) and node and key in KEYS and all(isinstance(one, dict) for one in node):
        for one in node:
            said = ",".join(str(one[part]) for part in KEYS[key] if part in one)
            yield from leaves(one, f"{path}[{said}]")
    else:
        yield path.lstrip("."), node


def _entries(node: Any) -> list[tuple[Any, Any]]:
    if isinstance(node, dict):
        return list(node.items())
    return list(enumerate(node)) if isinstance(node, list) else []


def empty(one: Object) -> list[str]:
    """Return the fields that are an empty list or map or null, inside of lists as well."""

    def walk(node: Any, path: str) -> Iterator[str]:
        if node is None or node in ([], {}):
            yield path
        for name, value in (
            node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        ):
            yield from walk(value, f"{path}.{name}")

    return list(walk(one, called(one)))


def restated(one: Object) -> list[str]:
    """Return the quantities that a server would store in another form."""

    def walk(node: Any, path: str) -> Iterator[str]:
        for name, value in _entries(node):
            yield from walk(value, f"{path}.{name}")
        if isinstance(node, str | int) and QUANTITIES.search(path) and stored(str(node)) != node:
            yield f"{path}: {node!r} is stored as {stored(str(node))!r}"

    return list(walk(one, called(one)))


def unequal(ours: Object, theirs: Object) -> tuple[int, list[str]]:
    """Return how many fields both set, and those that they set differently."""
    mine, other = dict(leaves(ours)), dict(leaves(theirs))
    both = mine.keys() & other.keys()
    return len(both), [f"{called(ours)} {path}" for path in sorted(both) if mine[path] != other[path]]


def called(one: Object) -> str:
    """Return kind and name."""
    return f"{one['kind']}/{one['metadata']['name']}"


@cache
def _rendered(helm: str, arguments: tuple[str, ...]) -> str:
    done = run(helm, "template", *arguments)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def chart(helm: str, arguments: tuple[str, ...]) -> dict[str, Object]:
    """Return what a Helm makes of a value file, without hooks, which belong to no release."""
    made = [one for one in yaml.safe_load_all(_rendered(helm, arguments)) if one]
    return {called(one): one for one in made if not is_hook(one)}


def applied(trial: bool) -> dict[str, Object]:
    """Return what the guide has applied before Helm comes."""
    paths = [FOLDER / "trial" / "postgres.yaml"] if trial else sorted(FOLDER.glob("*.yaml"))
    made = [one for path in paths for one in yaml.safe_load_all(path.read_text())]
    return {called(one): one for one in made if one.get("metadata", {}).get("namespace") == NAMESPACE}


def judge(helm: str, arguments: tuple[str, ...], there: dict[str, Object]) -> tuple[list[int], list[str]]:
    """Return the numbers of a row of the table, and each violation."""
    made = chart(helm, arguments)
    common = [name for name in made if name in there]
    compared = [unequal(made[name], there[name]) for name in common]
    faults = [
        [fault for one in made.values() for fault in empty(one)],
        [fault for one in made.values() for fault in restated(one)],
        [fault for _, found in compared for fault in found],
    ]
    numbers = [len(made), len(faults[0]), len(faults[1]), len(common), sum(n for n, _ in compared), len(faults[2])]
    return numbers, [fault for found in faults for fault in found]


def line(*cells: object) -> None:
    """Print a row of the table."""
    sys.stdout.write(" ".join(f"{cell!s:>14}" for cell in cells) + "\n")


def main() -> int:
    """Print the table and the violations; return 1 if there is one."""
    line(*HEAD)
    violations: list[str] = []
    for file, arguments in VALUE_FILES.items():
        for helm in ("helm", "helm3"):
            version = run(helm, "version", "--short").stdout.partition("+")[0].strip()
            numbers, faults = judge(helm, arguments, applied(trial=arguments == TRIAL))
            line(file.removeprefix("values-").removesuffix(".yaml"), version, *numbers)
            violations += [fault for fault in faults if fault not in violations]
    sys.stdout.write("\n".join([*violations, f"{len(violations)} violations\n"]))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
