"""Names are the field's terms: what was given up for them does not come back."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.names import (
    ENDINGS_GIVEN_UP,
    GIVEN_UP,
    GIVEN_UP_FIELDS,
    STANDARD_NAMES_ALLOWED,
    STANDARD_NAMES_THAT_STAY,
)

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(
    path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "scripts")
)


def _modules(package: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the dotted name below the package and the tree of every module, packages among them."""
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT / package).with_suffix("").parts
        if "migrations" not in parts:
            name = ".".join(parts).removesuffix("__init__").rstrip(".")
            yield name, ast.parse(path.read_text())


def _top_level(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))


def _fields(tree: ast.Module) -> Iterator[str]:
    """Yield the names declared in the bodies of classes."""
    for holder in ast.walk(tree):
        if isinstance(holder, ast.ClassDef):
            for node in holder.body:
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    yield node.target.id
                elif isinstance(node, ast.FunctionDef):
                    yield node.name
                elif isinstance(node, ast.Assign):
                    yield from (one.id for one in node.targets if isinstance(one, ast.Name))


@pytest.mark.parametrize("package", sorted(GIVEN_UP))
def test_no_name_that_was_given_up_comes_back(package: str) -> None:
    refused = GIVEN_UP[package]
    print(f"{package}: {', '.join(f'{old} → {new}' for old, new in refused.items())}")
    found = []
    for module, tree in _modules(package):
        dotted = [module, *(f"{module}.{name}" for name in _top_level(tree))]
        words = [module.rpartition(".")[2], *_top_level(tree)]
        found += [f"{package}.{module}: {one}" for one in dotted if "." in one and one in refused]
        found += [f"{package}.{module}: {one} is {refused[one]}" for one in words if one in refused]
    assert not found


@pytest.mark.parametrize("package", sorted(GIVEN_UP_FIELDS))
def test_no_field_that_was_given_up_comes_back(package: str) -> None:
    refused = GIVEN_UP_FIELDS[package]
    found = [
        f"{package}.{module}: {name} is {refused[name]}"
        for module, tree in _modules(package)
        for name in _fields(tree)
        if name in refused
    ]
    assert not found


@pytest.mark.parametrize("package", sorted(ENDINGS_GIVEN_UP))
def test_no_ending_that_was_given_up_comes_back(package: str) -> None:
    endings = ENDINGS_GIVEN_UP[package]
    assert not [name for _, tree in _modules(package) for name in _top_level(tree) if name.endswith(endings)]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_new_module_has_a_name_of_the_standard_library(package: str) -> None:
    allowed = STANDARD_NAMES_ALLOWED
    found = {
        f"{package}.{module}"
        for module, _ in _modules(package)
        if (name := module.rpartition(".")[2]) in sys.stdlib_module_names and name not in allowed
    }
    assert not found - STANDARD_NAMES_THAT_STAY


def test_array_types_are_declared_once() -> None:
    pattern = re.compile(r"NDArray\[np\.(float64|int64|bool_)\]")
    found = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if pattern.search(path.read_text())
    ]
    assert found == ["analysis/arrays.py"]
