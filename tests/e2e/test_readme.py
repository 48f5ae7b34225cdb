"""README's requests, run as they stand there against a running system, give the answers that stand there."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import Running

README = Path(__file__).resolve().parents[2] / "README.md"


def transcript() -> list[tuple[str, str]]:
    """The commands after `$ ` in README's console blocks, each with the answer below it."""
    commands: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", README.read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], ""))
            elif commands and line and not line.startswith("make "):
                command, answer = commands[-1]
                commands[-1] = (command, answer + line)
    return commands


def matches(answer: str, shown: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern + ".*" if shown.endswith("…") else pattern, answer, re.DOTALL) is not None


def test_readmes_requests_give_readmes_answers(system: Running) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    variables: dict[str, str] = {}
    checked = 0
    for command, shown in transcript():
        command = command.replace("var/api_key", str(system.local.key_file))
        command = command.replace("localhost:8000", system.local.api.removeprefix("http://"))
        assignment = re.match(r"([A-Z]+)=\$\((.*)\)$", command)
        done = subprocess.run(
            ["bash", "-c", assignment[2] if assignment else command],
            env={"PATH": "/usr/bin:/bin", **variables},
            capture_output=True,
            text=True,
        )
        answer = done.stdout.strip()
        if assignment:
            variables[assignment[1]] = answer
        elif shown:
            checked += 1
            assert matches(answer, shown.rstrip("}") if shown.endswith("…}") else shown), f"{command}\n{answer}"
            time.sleep(1)  # as long as a reader takes for the next line
    assert checked == 5
