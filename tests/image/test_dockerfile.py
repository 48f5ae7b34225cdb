"""The Dockerfile as text: what it copies is there, what it starts is there, nothing is unpinned or secret."""

import re
import tomllib
from pathlib import PurePosixPath

import pytest
import yaml
from django.urls import resolve

from tests.architecture.contract import PACKAGES
from tests.chart.render import containers, pods
from tests.chart.tools import CHART, ROOT, run

IGNORED = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
Step = tuple[str, str]


def steps() -> list[Step]:
    """Return the instructions in order, each with its arguments."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1].strip()) for line in whole.splitlines() if line]


STEPS = steps()


def of(instruction: str) -> list[str]:
    """Return the arguments of every such instruction."""
    return [arguments for name, arguments in STEPS if name == instruction]


def sent(path: str) -> bool:
    """Tell whether .dockerignore lets a path into the build: the last line that matches decides."""
    state = True
    for line in IGNORED:
        pattern = line.removeprefix("!")
        parents = [PurePosixPath(path), *PurePosixPath(path).parents]
        if any(parent.match(pattern) for parent in parents if str(parent) != "."):
            state = line.startswith("!")
    return state


def test_the_base_is_one_and_pinned() -> None:
    assert STEPS[0] == ("ARG", "BASE_IMAGE=python:3.12-slim-bookworm")
    assert of("FROM") == ["${BASE_IMAGE} AS packages", "${BASE_IMAGE} AS program"]


def test_what_is_copied_is_there_and_sent() -> None:
    assert ("ARG", "REQUIREMENTS=runtime") in STEPS
    assert ("COPY", "requirements/${REQUIREMENTS}.txt /tmp/requirements.txt") in STEPS
    for choice in ("runtime", "parquet", "tracing"):
        assert (ROOT / "requirements" / f"{choice}.txt").exists()
        assert sent(f"requirements/{choice}.txt"), choice
    sources = [source for copied in of("COPY") for source in copied.split()[:-1] if not source.startswith("--from=")]
    for source in sources:
        if "$" not in source and not source.startswith("/opt/"):
            assert (ROOT / source).exists(), source


def test_the_program_is_sent_whole_and_nothing_else_is() -> None:
    for package in PACKAGES:
        assert sent(f"{package}/__init__.py"), package
        assert not sent(f"{package}/__pycache__/x.pyc")
    assert all(sent(name) for name in ("manage.py", "demo_data/README.md"))
    scripts = " ".join((*of("RUN"), *of("CMD"), (ROOT / "docker" / "start.sh").read_text()))
    named = set(re.findall(r"docker/\w+\.sh", scripts))
    assert named == {"docker/machine.sh", "docker/start.sh"}
    assert all(sent(name) for name in (*named, "docker/probe.sh", "docker/lines/sitecustomize.py"))
    assert all(sent(name) for name in ("LICENSE", "THIRD_PARTY_NOTICES"))
    private = (".env", "compose.env", ".git/config", "tests/settings.py", "var/api_key", "k8s/secret.yaml")
    assert not [name for name in private if sent(name)]


def test_packages_are_installed_by_hash_alone() -> None:
    installs = [command for command in of("RUN") if "pip install" in command]
    assert installs
    for command in installs:
        assert "--require-hashes" in command
        assert "--only-binary :all:" in command
    assert not [command for command in of("RUN") if re.search(r"\b(apt-get|apk|curl|wget|gcc)\b", command)]


def test_nothing_runs_as_root_and_nothing_secret_stays() -> None:
    last = max(n for n, (name, _) in enumerate(STEPS) if name == "FROM")
    assert [arguments for name, arguments in STEPS[last:] if name == "USER"] == ["1000:1000"]
    assert [name for name, _ in STEPS[-4:]] == ["USER", "EXPOSE", "HEALTHCHECK", "CMD"]
    assert not [text for text in (*of("ENV"), *of("ARG")) if re.search("SECRET|PASSWORD|TOKEN", text)]


def test_what_it_starts_is_there() -> None:
    assert of("CMD") == ['["sh", "/app/docker/start.sh", "api"]']
    assert run("sh", "-n", str(ROOT / "docker" / "start.sh")).returncode == 0
    pinned = (ROOT / "requirements" / "runtime.txt").read_text()
    for program in set(re.findall(r"exec (\w+)", (ROOT / "docker" / "start.sh").read_text())) - {"python"}:
        assert re.search(rf"^{program}==", pinned, re.MULTILINE), program
    (probe,) = of("HEALTHCHECK")
    assert resolve(re.search(r"http://127\.0\.0\.1:8000(/[\w/]+)", probe)[1])


def test_ports_are_the_charts() -> None:
    found = {
        str(port["containerPort"])
        for pod in pods("production").values()
        for container in containers(pod)
        if "gravity_techanalysis" in container["image"]
        for port in container.get("ports", [])
    }
    assert set(of("EXPOSE")[0].split()) == found


def test_there_is_one_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert f"VERSION={version}" in of("ARG")
    assert version == chart["version"] == chart["appVersion"]
    assert yaml.safe_load((CHART / "values.yaml").read_text())["image"]["tag"] == f"v{version}"


@pytest.mark.parametrize(("path", "expected"), [("api/x.py", True), ("api/a.pyc", False), ("docs/api.md", False)])
def test_what_is_sent_is_understood(path: str, expected: bool) -> None:
    assert sent(path) is expected
