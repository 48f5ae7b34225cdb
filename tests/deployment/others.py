"""Hold the commands that are not kubectl's against the repository; what can run here runs."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from tests.chart.render import get
from tests.chart.tools import CHART, ROOT, run
from tests.deployment import inside
from tests.deployment.cluster import NAMESPACE

RELEASE = "technical-analysis"
FREE = {"read", "export", "openssl", "grep", "pg_restore"}  # theirs are no names of ours


def ran(name: str, *arguments: str, cwd: Path = ROOT) -> str:
    """Run a program and return what it printed; a failure fails."""
    done = run(name, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def helm(words: Sequence[str], folder: Path) -> None:
    """Run lint and package; render what install and upgrade would install; look the others' names up."""
    verb, rest = words[1], list(words[2:])
    known = run("helm", verb, "--help").stdout
    given = [word for word in rest if word.startswith("-")]
    assert not [word for word in given if not re.search(rf"(?<![\w-]){word.partition('=')[0]}\b", known)]
    if verb in ("lint", "package"):
        ran("helm", verb, *rest, *(["-d", str(folder)] if verb == "package" else []))
    elif verb in ("install", "upgrade"):
        assert rest[0] == RELEASE
        assert NAMESPACE in rest
        if rest[1].endswith(".tgz"):  # what `helm package`, one line above, leaves there
            ran("helm", "package", str(CHART), "-d", str(folder))
            rest[1] = str(folder / rest[1])
        words = [word for word in rest if word not in ("--create-namespace", "--force-conflicts")]
        assert ran("helm", "template", *(re.sub(r"\{([a-z][a-z-]*)\}", filled_in, word) for word in words))
    elif verb != "version":
        assert rest[-2:] == ["-n", NAMESPACE]
        assert verb == "list" or rest[0] == RELEASE


def filled_in(placeholder: re.Match[str]) -> str:
    """Return something of the form that the values' schema asks for there."""
    return {"version": "2.0.0", "digest": "0" * 64}.get(placeholder[1], "example.org")


def image(words: Sequence[str]) -> None:
    """Raise unless the command names this project's image with the chart's tag."""
    deployment = get("production", "Deployment", RELEASE)
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] in words


def files(words: Sequence[str]) -> None:
    """Raise unless every path that is named is there."""
    paths = [word for word in words if "/" in word and "://" not in word]
    assert paths
    if any(path.startswith("tests/load/") for path in paths) and not (ROOT / "tests" / "load").is_dir():
        pytest.skip("tests/load is not there yet")
    assert [path for path in paths if not (ROOT / path).exists()] == []


def compose(words: Sequence[str]) -> None:
    """Raise unless compose.yaml has these services, and what runs in one of them is there."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    verb, *rest = (word for word in words if word not in ("--env-file", "compose.env", "--no-TTY"))
    if verb == "exec":
        service, program, *arguments = rest
        assert service in services
        if program == "python":
            inside.manage(arguments[1], arguments[2:])
        else:
            assert (service, program) in {("postgres", "pg_dump"), ("postgres", "pg_restore")}
    else:
        assert verb in ("up", "ps", "stop")
        assert not {word for word in rest if not word.startswith("-")} - set(services)


def check(words: Sequence[str], folder: Path) -> None:
    """Raise unless the command can do what it says."""
    program = words[0]
    if program == "helm":
        helm(words, folder)
    elif program in ("promtool", "hadolint"):
        ran(program, *words[1:])
    elif program == "curl":
        inside.url(words[-1])
    elif program == "make":
        inside.target(words[1])
    elif program in ("trivy", "snyk"):
        image(words)
    elif program == "docker" and words[1] == "compose":
        compose(words[2:])
    elif program == "docker":
        if words[1] != "--version":
            image(words)
    elif program == "cp":
        assert (ROOT / words[1]).exists()
    elif program in ("locust", "k6", "kubesec", "checkov"):
        files(words)
    elif program == "pip":
        assert words[2] in (ROOT / "requirements" / "dev.in").read_text().split()
    elif program == "kube-bench":
        assert words[1] == "run"
    else:
        assert program in FREE, f"nobody has looked at {program}"
        assert program in ("read", "export") or shutil.which(program)
