"""How far a starting worker is with compiling, from its log: said once it takes longer than a start does."""

import re
import sys
import time
from pathlib import Path

SILENT_SECONDS = 10.0
_COMPILED = re.compile(r"compiled\b.*?done\W+([0-9]+).*?total\W+([0-9]+)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Compiling:
    """What the worker has said so far."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._began = time.monotonic()
        self._told = ""

    def progress(self) -> str:
        """Return the last line about compiling, and say it if it is new and the start takes its time."""
        try:
            found = _COMPILED.findall(_COLOURS.sub("", self._log.read_text(errors="replace")))
        except OSError:
            return ""
        now = f"Compiling: {found[-1][0]} of {found[-1][1]}" if found else ""
        if now != self._told and time.monotonic() - self._began > SILENT_SECONDS:
            self._told = now
            print(now, file=sys.stderr, flush=True)
        return now
