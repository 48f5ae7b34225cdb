"""What the tree and pyproject.toml say of packages and the arrows between them."""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
SETTINGS = "\n".join((ROOT / "gravity" / f"{name}.py").read_text() for name in ("settings", "limits"))
# What the program reads from its environment.
READ = frozenset(re.findall(r"""\benv\.\w+\(\s*"([A-Z][A-Z0-9_]+)\"""", SETTINGS))
PACKAGES = sorted(
    path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "scripts")
)


def layers() -> list[list[str]]:
    """Return the layers from the top down, the packages of each as written: one in brackets may be absent."""
    (contract,) = (
        one for one in PROJECT["tool"]["importlinter"]["contracts"] if "layers" in one and "containers" not in one
    )
    return [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]


def arrows() -> str:
    """Return the layers as a line, without those that are absent."""
    named = [[name.strip("()") for name in layer] for layer in layers()]
    there = [[name for name in layer if name in PACKAGES] for layer in named]
    return " > ".join(" | ".join(layer) for layer in there if layer)
