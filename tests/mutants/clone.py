"""A plain clone of the tree as it stands: what git tracks, and no folder `shared` beside it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# All that a run may know of where it runs: no addresses of databases, no folder of real data, no options of pytest.
KNOWN = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ")


def tracked(root: Path) -> list[str]:
    """Return the paths that git tracks here and that are there."""
    found = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    return [path for path in found.split("\0") if path and (root / path).is_file()]


class Clone:
    """A copy of its own for each mutant, so that nothing compiled of another tree is ever found in it."""

    def __init__(self, folder: Path, root: Path, paths: Sequence[str]) -> None:
        self.tree = folder / "tree"
        self._machine_code = folder / "numba"  # numba keeps its own by file and time; here it begins with none
        for path in paths:
            (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / path, self.tree / path)

    def write(self, path: str, text: str) -> None:
        """Alter a file, before anything has run here."""
        (self.tree / path).write_text(text, encoding="utf-8")

    def pytest(self, tests: Sequence[str], *, services: bool) -> tuple[int, str]:
        """Run tests up to the first failure and return pytest's exit code and all that was said."""
        env = {name: os.environ[name] for name in KNOWN if name in os.environ}
        env |= {"COLUMNS": "1000", "NUMBA_CACHE_DIR": str(self._machine_code)}  # no line is cut short
        options = ("-x", "-q", "-ra", "--tb=short", "--color=no", "-p", "no:cacheprovider")
        command = [sys.executable, "-m", "pytest", *options, *tests]
        if services:
            command = [sys.executable, "-m", "gravity.local.services", "--", *command]
        done = subprocess.run(command, cwd=self.tree, env=env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


@contextmanager
def clone(root: Path, paths: Sequence[str]) -> Iterator[Clone]:
    """Copy these paths of a tree for the block."""
    with tempfile.TemporaryDirectory(prefix="gravity-mutant-", ignore_cleanup_errors=True) as folder:
        yield Clone(Path(folder), root, paths)
