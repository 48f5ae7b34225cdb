"""From the moment that a pod is to end, each of its answers ends its connection: those to earlier requests, too."""

import threading
from pathlib import Path
from typing import Any

from gravity.draining import Draining

PATIENCE_SECONDS = 60


def test_an_answer_to_an_earlier_request_ends_its_connection(tmp_path: Path) -> None:
    begun, reacted = threading.Event(), threading.Event()
    answers: list[list[tuple[str, str]]] = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        if environ["waits"]:
            begun.set()
            reacted.wait(PATIENCE_SECONDS)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> None:
        answers.append(headers)

    draining = Draining(application, tmp_path / "file", reacted.set)
    draining({"waits": False}, start)
    waiter = threading.Thread(target=draining, args=({"waits": True}, start))
    waiter.start()
    assert begun.wait(PATIENCE_SECONDS)
    (tmp_path / "file").touch()
    waiter.join(PATIENCE_SECONDS)
    draining({"waits": False}, start)
    closes = [("Connection", "close") in headers for headers in answers]
    assert closes == [False, True, True]
