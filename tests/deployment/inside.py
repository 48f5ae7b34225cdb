"""Hold a command that is run inside a pod against what the pod has."""

import re
import subprocess
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError
from django.urls import resolve

from tests.chart.tools import ROOT

HOSTS = {"localhost:8000", "technical-analysis:8000", "{your-domain}"}


def check(target: str, words: Sequence[str]) -> None:
    """Raise unless the pods of the target can run the command."""
    program, rest = words[0], list(words[1:])
    if program == "redis-cli":
        assert target == "Deployment/redis"
    elif program == "pg_dump":
        assert target == "StatefulSet/postgres"
    elif program == "python" and rest[0] == "manage.py":
        manage(rest[1], rest[2:])
    elif program == "python":
        assert rest[0] == "-c"
        compile(rest[1], "command", "exec")
    elif program == "sh":
        done = subprocess.run(["sh", "-n", "-c", rest[-1]], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    elif program == "wget":
        url(rest[-1])
    else:
        assert program in {"df", "ls"}, f"{program} in {target}"


def manage(name: str, arguments: list[str]) -> None:
    """Raise unless there is such a management command and it takes these arguments."""
    command = load_command_class(get_commands()[name], name)
    command._called_from_command_line = False  # so that a fault is raised and does not end the process
    try:
        command.create_parser("manage.py", name).parse_args(arguments)
    except CommandError as error:
        raise AssertionError(str(error)) from error


def url(address: str) -> None:
    """Raise unless the address is one of the program's."""
    parts = urlsplit(address)
    assert parts.netloc in HOSTS, parts.netloc
    assert resolve(parts.path)
    assert parts.netloc != "{your-domain}" or parts.scheme == "https"


def target(name: str) -> None:
    """Raise unless the Makefile has this target."""
    assert re.search(rf"^{re.escape(name)}:", (ROOT / "Makefile").read_text(), re.MULTILINE), f"make {name}"
