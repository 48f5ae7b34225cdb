"""Makes every line that a process of the image writes one of JSON, from its first: start.sh puts this on its path.

Python imports it before anything else, so it holds for what comes before our own logging is there and for what never
asks it: banners, warnings, tracebacks, and the server's words. What begins as JSON already goes through as it is.

And it lets a container be told to end while it starts.
"""

import json
import os
import signal
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO


class JsonLines:
    """A text stream that writes to another: each write, or each few up to an end of line, as one line."""

    def __init__(self, stream: TextIO, name: str, level: str) -> None:
        self._stream, self._name, self._level = stream, name, level
        self._begun = ""

    def write(self, text: str) -> int:
        """Write what is whole."""
        if not self._begun and text.startswith("{") and text.endswith("\n"):
            return self._stream.write(text)
        self._begun += text
        if self._begun.endswith("\n"):
            whole, self._begun = self._begun.strip("\n"), ""
            if whole.strip():
                self._stream.write(line(whole, level=self._level, logger=self._name))
                self._stream.flush()
        return len(text)

    def writelines(self, texts: list[str]) -> None:
        """Write one after another."""
        for text in texts:
            self.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Original(JsonLines):
    """The same in place of a stream that programs keep to write past what has taken its place.

    Celery writes what it has to say of signals to its descriptor, as plain text; it does not where there is none.
    """

    def __getattr__(self, name: str) -> Any:
        if name == "fileno":
            raise AttributeError(name)
        return super().__getattr__(name)


def line(event: str, **more: str) -> str:
    """Return a line as our own logging writes it."""
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"event": event, **more, "timestamp": now}) + "\n"


def last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write what ended the process, and where, as one line."""
    told = f"{kind.__name__}: {error}"
    text = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(line(told, exception=text, level="critical", logger="python"))
    sys.stderr.flush()


sys.__stdout__ = Original(sys.stdout, "stdout", "info")  # type: ignore[assignment,misc]
sys.__stderr__ = Original(sys.stderr, "stderr", "warning")  # type: ignore[assignment,misc]
sys.stdout = JsonLines(sys.stdout, "stdout", "info")  # type: ignore[assignment]
sys.stderr = JsonLines(sys.stderr, "stderr", "warning")  # type: ignore[assignment]
sys.excepthook = last_words

# The kernel does not end a container's first process by a signal that it has no handler for: one that is told to end
# while it starts would go on to work until it is killed in the middle of that. What it becomes puts its own in place.
if os.getpid() == 1:
    signal.signal(signal.SIGTERM, lambda number, frame: os._exit(128 + number))
