"""The commands on docs/deployment.md and the runbooks, as a shell would see them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.chart.tools import ROOT

PAGES = [ROOT / "docs" / "deployment.md", *sorted((ROOT / "docs" / "runbooks").glob("*.md"))]
# What the reader fills in, so that < and > mean nothing to the shell.
OPEN, CLOSE = "{", "}"


@dataclass(frozen=True)
class Command:
    """One simple command; of a pipeline each part is one."""

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)[:70]}"


def commands() -> list[Command]:
    """Return every command of all pages."""
    return [Command(page.stem, words) for page in PAGES for line in lines(page) for words in simple(line)]


def lines(page: Path) -> Iterator[str]:
    """Yield the command lines of a page, each whole however many lines it takes."""
    for block in re.findall(r"```bash\n(.*?)```", page.read_text(), re.DOTALL):
        pending = ""
        for line in block.replace("\\\n", " ").splitlines():
            pending = f"{pending}\n{line}" if pending else line
            try:
                shlex.split(pending, comments=True)
            except ValueError:  # a quote is still open
                continue
            yield pending
            pending = ""
        assert not pending, f"{page.name}: a quote is never closed: {pending}"


def simple(line: str) -> Iterator[tuple[str, ...]]:
    """Yield the simple commands of a line, those whose output it takes in included."""
    line = re.sub(r"<([a-z][a-z -]*)>", rf"{OPEN}\1{CLOSE}".replace(" ", "-"), line)
    for inner in re.findall(r"\$\(([^()]*)\)", line):
        yield from simple(inner)
    line = re.sub(r"\$\([^()]*\)", "OUTPUT", line)
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in lexer:
        if word and set(word) <= set("|;&"):
            yield tuple(words)
            words = []
        else:
            words.append(word)
    if words:
        yield tuple(words)


def is_placeholder(word: str) -> bool:
    """Tell whether the reader fills this in."""
    return OPEN in word and CLOSE in word
