"""Ports: free ones are free and different, a busy one is told in one line."""

import os
import socket
from pathlib import Path

import pytest

from gravity.local.errors import Fault
from gravity.local.ports import free_ports, holder, require_free

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_free_ports_are_different_and_usable() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    for port in ports:
        require_free(port, "a test", "PORT")


@pytest.mark.skipif(not RANGE.exists(), reason="another kernel says it elsewhere")
def test_free_ports_are_none_that_a_connection_could_get() -> None:
    assert max(free_ports(50)) < int(RANGE.read_text().split()[0])


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_busy_port_is_one_line_naming_port_process_and_remedy(address: str) -> None:
    with socket.socket() as listener:
        listener.bind((address, 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert holder(port) == os.getpid()
        with pytest.raises(Fault) as fault:
            require_free(port, "the API", "API_PORT")
    text = str(fault.value)
    assert text.startswith(f"Port {port} (the API) is in use by process {os.getpid()} (")
    assert text.endswith("API_PORT=…")
    assert "\n" not in text


def test_connections_that_a_finished_server_left_are_no_reason_to_refuse() -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as every server does
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = listener.accept()
            accepted.close()  # closing first leaves this side in TIME_WAIT
    require_free(port, "the API", "API_PORT")


def test_nobody_holds_a_free_port() -> None:
    assert holder(free_ports(1)[0]) is None
