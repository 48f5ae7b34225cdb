"""What a release offers to those outside; run as a program, it writes this down for the present version."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from scripts.release_check import ROOT, versions
from tests.architecture.contract import READ

FOLDER = Path(__file__).with_name("releases")


def offered() -> dict[str, list[str]]:
    """Return the names that others may use, by kind."""
    document = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
    values = yaml.safe_load((ROOT / "helm" / "technical-analysis" / "values.yaml").read_text())
    found = {
        "operations": _operations(document["paths"]),
        "fields": _fields(document["components"]["schemas"]),
        "environment": sorted(READ),
        "chart values": _leaves(values),
    }
    return {kind: sorted(set(names)) for kind, names in found.items()}


def _operations(paths: dict[str, Any]) -> Iterator[str]:
    for path, operations in paths.items():
        for method, operation in operations.items():
            yield f"{method} {path}"
            for parameter in operation.get("parameters", []):
                yield f"{method} {path} {parameter['in']} {parameter['name']}"
            yield from (f"{method} {path} {status}" for status in operation["responses"])


def _fields(schemas: dict[str, Any]) -> Iterator[str]:
    for name, schema in schemas.items():
        yield from (f"{name} = {value}" for value in schema.get("enum", []))
        yield from (f"{name}.{field}" for field in schema.get("properties", {}))


def _leaves(values: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{versions()['pyproject.toml']}.json").write_text(json.dumps(offered(), indent=1) + "\n")
