"""What the pages of docs/contributing say, taken apart: files they show whole, changes, commands, names."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "contributing"
PAGES = {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.md"))} | {
    "CONTRIBUTING": (ROOT / "CONTRIBUTING.md").read_text()
}
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


class Change(NamedTuple):
    """The lines of a change of one file: each with its first character, which is `+`, `-` or a blank."""

    path: str
    lines: list[str]

    def there(self) -> list[str]:
        """Return the lines that the file has before the change."""
        return [line[1:] for line in self.lines if not line.startswith("+")]


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of code of a language, without the indent of their list."""
    return [textwrap.dedent(body) for _, found, body in _FENCE.findall(PAGES[page]) if found == language]


def new_files(page: str) -> dict[str, str]:
    """Return the files that the page shows whole, by their path."""
    found = {}
    for block in blocks(page, "python"):
        first, _, rest = block.partition("\n")
        named = re.fullmatch(r"# (\S+) \(new\)", first)
        assert named is not None, f"{page}: a block of code that does not say which file it is"
        found[named[1]] = rest
    return found


def changes(page: str) -> Iterator[Change]:
    """Yield the changes of files that are there."""
    for block in blocks(page, "diff"):
        for part in re.split(r"^\+\+\+ ", block, flags=re.MULTILINE)[1:]:
            path, *lines = part.splitlines()
            yield Change(path, lines)


def commands(page: str) -> list[str]:
    """Return the lines that are meant for a shell."""
    lines = [line.strip().removeprefix("$ ") for line in PAGES[page].splitlines()]
    return [line for line in lines if line.startswith(("make ", ".venv/bin/python ", "PYTHONPATH=", "python -m "))]


def quoted(page: str) -> list[str]:
    """Return what stands between backticks in the text, blocks of code left out."""
    return re.findall(r"`([^`\n]+)`", _FENCE.sub("", PAGES[page]))


def prose(page: str) -> str:
    """Return the text without blocks of code."""
    return _FENCE.sub("", PAGES[page])
