"""Whether what leaves this machine is encrypted, and for whom; and how long a server's certificate is good."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.db import connection

from ops.doctor.finding import Finding, error, ok, warning

NAME = "encryption"
LOCAL = ("localhost", "127.0.0.1", "::1", "")
SECONDS = 3.0
SOON_DAYS = 14
# What a client of PostgreSQL sends to begin TLS: the message's length and its number.
BEGIN_TLS = (8).to_bytes(4) + (80_877_103).to_bytes(4)


class Wire(NamedTuple):
    """A way to a server: whether it is encrypted, whether the certificate is looked at, and by which authority's."""

    variable: str
    host: str
    port: int
    encrypted: bool
    looks: bool
    authority: str | None = None
    is_postgresql: bool = False


def check() -> Finding:
    """Look at each way to another machine; the worst is told."""
    abroad = [wire for wire in wires() if not _is_local(wire.host)]
    for wire in abroad:
        if wire.encrypted and wire.looks and (fault := _certificate_fault(wire)) is not None:
            return fault
    if plain := [wire.variable for wire in abroad if not wire.encrypted]:
        text = f"{', '.join(plain)}: what is sent there, passwords included, can be read on the way."
        return warning(
            text, "Use rediss:// for Redis and ?sslmode=verify-full for PostgreSQL, or a network of its own."
        )
    if blind := [wire.variable for wire in abroad if not wire.looks]:
        text = f"{', '.join(blind)}: encrypted, but anybody may be at the other end, for no certificate is looked at."
        remedy = "Leave ssl_cert_reqs=none away; with PostgreSQL say ?sslmode=verify-full&sslrootcert=FILE."
        return warning(text, remedy)
    if settings.PRODUCTION and not settings.HTTPS_REDIRECT:
        return warning("HTTPS_REDIRECT is off: keys and passwords may come over http.", "Switch it on.")
    if not abroad:
        return ok("Database, broker and cache are on this machine.")
    return ok(f"{', '.join(wire.variable for wire in abroad)}: encrypted, with certificates that are good.")


def wires() -> Iterator[Wire]:
    """Yield the ways to database, broker and cache."""
    if connection.vendor == "postgresql":
        told: dict[str, Any] = connection.settings_dict
        options = told.get("OPTIONS", {})
        mode = str(options.get("sslmode", "prefer"))
        port, authority = int(told["PORT"] or 5432), options.get("sslrootcert")
        looks = mode in ("verify-ca", "verify-full")
        encrypted = mode == "require" or looks
        yield Wire("DATABASE_URL", str(told["HOST"] or ""), port, encrypted, looks, authority, is_postgresql=True)
    for variable, url in (("BROKER_URL", settings.BROKER_URL), ("CACHE_URL", settings.CACHE_URL)):
        for part in map(urlsplit, url.split(";")):
            said = dict(parse_qsl(part.query))
            encrypted = part.scheme == "rediss"
            looks = encrypted and said.get("ssl_cert_reqs", "required").lower().removeprefix("cert_") != "none"
            yield Wire(variable, part.hostname or "", part.port or 6379, encrypted, looks, said.get("ssl_ca_certs"))


def _is_local(host: str) -> bool:
    return host in LOCAL or host.startswith("/")


def _certificate_fault(wire: Wire) -> Finding | None:
    """Shake hands as the program would, and return what is wrong with the certificate, if anything is."""
    try:
        context = ssl.create_default_context(cafile=wire.authority)
    except OSError as fault:
        text = f"{wire.variable}: {wire.authority} holds no certificates ({type(fault).__name__})."
        return error(text, "Mount the authority's certificate there, in PEM form.")
    context.check_hostname = not wire.is_postgresql  # verify-ca is enough to be encrypted to somebody known
    try:
        with closing(socket.create_connection((wire.host, wire.port), SECONDS)) as plain:
            if wire.is_postgresql:
                plain.sendall(BEGIN_TLS)
                if plain.recv(1) != b"S":
                    return error(f"{wire.variable}: the server has no TLS.", "Switch it on there, with a certificate.")
            with context.wrap_socket(plain, server_hostname=wire.host) as safe:
                ends: Any = (safe.getpeercert() or {}).get("notAfter")
    except ssl.SSLCertVerificationError as fault:
        text = f"{wire.variable}: the certificate is refused ({fault.verify_message})."
        return error(text, "Renew it, or name the authority that signed it (ssl_ca_certs, sslrootcert).")
    except OSError as fault:
        return error(f"{wire.variable}: no TLS ({type(fault).__name__}).", "Look at the server and its port.")
    days = (ssl.cert_time_to_seconds(ends) - time.time()) / 86_400
    if days < SOON_DAYS:
        return warning(f"{wire.variable}: the certificate ends in {days:.0f} days.", "Renew it.")
    return None
