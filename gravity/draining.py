"""Let connections go before the process ends: who keeps one open would ask on it while the server closes it.

A server that is told to end closes idle connections at once, and a request that is on its way to one of them is lost.
So the pod's preStop hook makes a file, seconds before that. From then on every answer ends its connection, and the next
request comes on another, which goes to another pod; who waits or follows is sent on that way, too.
"""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOK_SECONDS = 0.2


class Draining:
    """A WSGI application that answers as the given one does, and once the file is there ends each connection."""

    def __init__(self, application: "WSGIApplication", file: Path, react: Callable[[], None]) -> None:
        """Watch for the file in a thread of its own, which calls `react` once."""
        self._application = application
        self._file, self._react = file, react
        self._has_begun = False
        threading.Thread(target=self._watch, name="draining", daemon=True).start()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer; who asked before and is answered only now, such as those who waited, is sent away as well."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            ends = [("Connection", "close")] if self._has_begun else []
            return start_response(status, [*headers, *ends], *more)

        return self._application(environ, start)

    def _watch(self) -> None:
        while not self._file.exists():
            time.sleep(LOOK_SECONDS)
        self._has_begun = True
        self._react()
