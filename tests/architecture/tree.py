"""A small tree of tests, on which their configuration is tried. Django would cost seconds and is left out."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ("-p", "xdist", "-p", "pytest_timeout", "-p", "tests.passes", "-p", "tests.skips", "-p", "tests.failures")


class Tree:
    """A few files of tests, run as `python -m tests` and `python -m pytest` run the real ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
        lines = [
            f"timeout_method = {ours['timeout_method']}",
            "markers =",
            "  django_db",
            *(f"  {m}" for m in ours["markers"]),
        ]
        (folder / "pytest.ini").write_text("\n".join(["[pytest]", "addopts = --strict-markers", *lines]))

    def write(self, path: str, text: str = "def test_one(): pass") -> None:
        """Write a file."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def run(self, program: str, *arguments: str, **told: str) -> "subprocess.CompletedProcess[str]":
        """Run pytest, or our passes of it, with these arguments and with what the environment is told."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "CI"))}
        return subprocess.run(
            [sys.executable, "-m", program, "--import-mode=importlib", *PLUGINS, *arguments, "tests"],
            cwd=self.folder,
            env={**own, **told, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            timeout=120,
        )
