"""Where a callback may go: to public addresses, by https, unless a setting allows more.

A name is looked up when the message is sent, every address that it has must be allowed, and the connection goes to the
very address that was checked: a name that answers otherwise a moment later changes nothing.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MAX_CHARS = 2_000
# All that the internet reaches by IPv6. Outside are the forms that an IPv4 address can be written in (::127.0.0.1,
# ::ffff:7f00:1, NAT64), the site-local fec0::/10 and the segments of 5f00::/16, which Python takes for global.
UNICAST = ip_network("2000::/3")
# Within: IPv6 addresses that stand for an IPv4 one which nobody has looked at (Teredo, 6to4), those of documentation,
# the relays of 6to4, and those of protocols, most of which releases of Python before 3.11.10 take for global.
RESERVED = [ip_network(text) for text in ("2001::/32", "2002::/16", "3fff::/20", "192.88.99.0/24", "192.0.0.0/24")]


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
    if host.endswith("."):
        return "No dot at the end of the host: it hides what the host is, and no certificate has it."
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
    if any(address in ip_network(network) for network in settings.CALLBACK_NETWORKS):
        return True
    if isinstance(address, IPv6Address) and address not in UNICAST:
        return False
    reserved = any(address in network for network in RESERVED)
    return address.is_global and not address.is_multicast and not reserved


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
