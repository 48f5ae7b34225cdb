"""Hear that this process is told to end, beside the server that handles the signal.

The server installs its handlers after it has loaded the application, so another handler would be replaced; the file
descriptor that Python wakes up with every signal is nobody's there.
"""

import signal
import socket
import threading
from collections.abc import Callable

ENDING = frozenset({signal.SIGTERM, signal.SIGINT})


def when_told_to_end(react: Callable[[], None]) -> None:
    """Call `react` in a thread of its own at every SIGTERM or SIGINT; nothing outside the main thread, as in tests."""
    if threading.current_thread() is not threading.main_thread():
        return
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_listen, args=(heard, told, react), name="shutdown", daemon=True).start()


def _listen(heard: socket.socket, told: socket.socket, react: Callable[[], None]) -> None:
    """Hold both ends for as long as the process lives: one that is collected is closed."""
    with heard, told:
        while numbers := heard.recv(64):
            if ENDING.intersection(numbers):
                react()
