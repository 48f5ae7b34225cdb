"""The console blocks of a page: commands after `$ `, each with the answer that stands below it."""

import re
import subprocess
from pathlib import Path

from tests.e2e.conftest import Running

END = "── end of answer ──"
PAUSE = 0.5  # as long as nobody reads before typing the next line


def commands(page: Path) -> list[tuple[str, str]]:
    """Return the commands of the page's console blocks with the answers shown."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", page.read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], ""))
            elif found and line and not line.startswith("make "):
                command, answer = found[-1]
                found[-1] = (command, f"{answer}\n{line}" if answer else line)
    return found


def answers(page: Path, system: Running) -> list[tuple[str, str, str]]:
    """Run the page's commands in one shell against the system; return command, answer and what is shown of it."""
    found = commands(page)
    script = "".join(f"{command}\nsleep {PAUSE}\necho '{END}'\n" for command, _ in found)
    script = script.replace("var/api_key", str(system.local.key_file))
    script = script.replace("localhost:8000", system.local.api.removeprefix("http://"))
    done = subprocess.run(
        ["bash", "-c", script], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )
    given = done.stdout.split(END)[:-1]
    return [(command, _lines(answer), shown) for (command, shown), answer in zip(found, given, strict=True)]


def matches(answer: str, shown: str) -> bool:
    """Return whether the answer is what is shown, where `…` stands for anything."""
    shown = shown.rstrip("}") if shown.endswith("…}") else shown
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern + ".*" if shown.endswith("…") else pattern, answer, re.DOTALL) is not None


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
