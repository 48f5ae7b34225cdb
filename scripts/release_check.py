"""Say whether this tree may become a release, point by point; the exit code is non-zero when it may not."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def versions() -> dict[str, str]:
    """Return the version wherever it is written: they must all be pyproject.toml's."""
    chart = (ROOT / "helm" / "technical-analysis" / "Chart.yaml").read_text()
    found = {
        "pyproject.toml": tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
        "analysis/engine.py": _in(ROOT / "analysis" / "engine.py", r'^VERSION = "(.+)"$'),
        "gravity/api_settings.py": _in(ROOT / "gravity" / "api_settings.py", r'"VERSION": "(.+)"'),
        "docs/openapi.yaml": _in(ROOT / "docs" / "openapi.yaml", r"^  version: (\S+)$"),
    }
    for name in ("version", "appVersion"):
        match = re.search(rf'^{name}: "?v?([^"\s]+)"?$', chart, re.MULTILINE)
        found[f"Chart.yaml, {name}"] = match[1] if match else "missing"
    return found


def changelog(version: str) -> str:
    """Return why the changelog is not ready, or nothing."""
    text = (ROOT / "CHANGELOG.md").read_text()
    dated = re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", text, re.MULTILINE)
    return "" if dated else f"CHANGELOG.md has no dated section [{version}]"


def _in(path: Path, pattern: str) -> str:
    match = re.search(pattern, path.read_text(), re.MULTILINE)
    return match[1] if match else "missing"


def _said(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _in_step() -> str:
    tests = ["tests/chart/test_manifests.py", "tests/architecture", "tests/api/test_openapi.py"]
    tests = [test for test in tests if (ROOT / test).exists()]
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", *tests], cwd=ROOT, capture_output=True, check=False)
    return "" if done.returncode == 0 else "manifests, API document or house rules are out of step"


def points() -> dict[str, Callable[[], str]]:
    """Return the questions, each of which answers what is wrong or nothing."""
    found = versions()
    version = found["pyproject.toml"]
    apart = [f"{place} says {one}" for place, one in found.items() if one != version]
    return {
        f"every place says {version}": lambda: "; ".join(apart),
        "the changelog has its section": lambda: changelog(version),
        "nothing is uncommitted": lambda: "git status is not empty" if _said("git", "status", "--porcelain") else "",
        "the tag is free": lambda: f"v{version} exists" if _said("git", "tag", "--list", f"v{version}") else "",
        "generated files are in step": _in_step,
    }


def main() -> int:
    """Answer every question."""
    failed = 0
    for question, ask in points().items():
        wrong = ask()
        failed += bool(wrong)
        print(f"{'no ' if wrong else 'yes'}  {question}{f': {wrong}' if wrong else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
