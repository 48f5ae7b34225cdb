"""A client's own server: it writes down what it is sent, and answers as the test says."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """`answers` are the statuses to come, the last one again and again; `received` what came: (headers, body)."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: list[int] = [204]
        self.received: list[tuple[dict[str, str], str]] = []
        self.paths: list[str] = []
        self.drips = False
        self.location = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                outer.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
                outer.paths.append(self.path)
                if outer.drips:
                    outer.drip(self)
                    return
                self.send_response(outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0])
                if outer.location:
                    self.send_header("location", outer.location)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/told?token=of-the-client"

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Send one byte of a header now and then, without end."""
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-drip: ")
            while self.drips:
                handler.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            pass

    @contextmanager
    def serving(self) -> Iterator["Receiver"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.drips = False
            self._server.shutdown()
            self._server.server_close()
