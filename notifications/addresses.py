"""Where a callback may go: to public addresses, by https, unless a setting allows more.

A name is looked up when the message is sent, every address that it has must be allowed, and the connection goes to the
very address that was checked: a name that answers otherwise a moment later changes nothing.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MAX_CHARS = 2_000
# IPv6 addresses that stand for an IPv4 one which nobody has looked at: NAT64, 6to4, Teredo.
WRAPPED = [ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class NotAllowed(Exception):
    """The address, or one that its name stands for, is none that a callback may go to."""


def refusal(url: str) -> str | None:
    """Return why no callback may go to this URL as far as it tells by itself, or None."""
    if len(url) > MAX_CHARS:
        return f"At most {MAX_CHARS:,} characters are allowed."
    if not url.isascii() or any(ord(char) <= 32 or ord(char) == 127 for char in url):
        return "Only printable ASCII characters, percent-encoded where they must be."
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        return "This is no URL."
    schemes = ("https", "http") if settings.CALLBACK_ALLOW_HTTP else ("https",)
    if parts.scheme not in schemes or not host:
        return f"This is no {' or '.join(schemes)} URL with a host."
    if parts.username is not None or parts.password is not None:
        return "No name or password in the URL; the signature says who is calling."
    if port is not None and port < 1024 and port not in (80, 443):
        return "Of the ports below 1024 only 443 and 80."
    address = _literal(host)
    if address is not None and not allowed(address):
        return "No address that is loopback, private, link-local or reserved."
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return None if settings.CALLBACK_NETWORKS else "No name that is meant for one machine or network."
    return None


def resolved(parts: SplitResult) -> tuple[str, int]:
    """Return the address and the port to connect to; raise NotAllowed, or OSError for a name without address."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(info[4][0]).partition("%")[0] for info in found]
    if not all(allowed(ip_address(address)) for address in addresses):
        raise NotAllowed("The name stands for an address that is not allowed.")
    return addresses[0], port


def allowed(address: IPv4Address | IPv6Address) -> bool:
    """Return whether a callback may go to this address."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in ip_network(network) for network in settings.CALLBACK_NETWORKS):
        return True
    wrapped = any(address in network for network in WRAPPED if network.version == address.version)
    return address.is_global and not address.is_multicast and not wrapped


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a host is written as, also in the old ways (2130706433, 0x7f.1); None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
