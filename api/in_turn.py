"""Requests take turns: a WSGI application in front of Django's, behind the response cache."""

from collections.abc import Callable, Iterable
from typing import Any

from rest_framework.permissions import SAFE_METHODS

from jobs.turns import reading, writing

# Probes ask whether the process lives, however much it has to do.
PROBES = "/health/"


class InTurn:
    """Let Django answer when it is the request's turn."""

    def __init__(self, application: Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer."""
        if environ["PATH_INFO"].startswith(PROBES):
            return self._application(environ, start_response)
        with (reading if environ["REQUEST_METHOD"] in SAFE_METHODS else writing).taken():
            return self._application(environ, start_response)
