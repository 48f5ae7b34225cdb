"""Addresses of Redis: with a password of any characters, and with TLS that looks at the certificate."""

import ssl
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

DEMANDS = {"required": ssl.CERT_REQUIRED, "optional": ssl.CERT_OPTIONAL, "none": ssl.CERT_NONE}


def complete(url: str, password: str = "") -> str:
    """Return the address with the password, unless it has one; a rediss:// without ssl_cert_reqs gets `required`.

    Several addresses, of Sentinels, are apart by semicolons. Celery alone would not look at the certificate.
    """
    return ";".join(_one(part, password) for part in url.split(";"))


def _one(url: str, password: str) -> str:
    parts = urlsplit(url)
    if password and parts.netloc and parts.password is None:
        user, _, place = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user}:{quote(password, safe='')}@{place}")
    if parts.scheme == "rediss" and "ssl_cert_reqs" not in dict(parse_qsl(parts.query)):
        parts = parts._replace(query="&".join(filter(None, [parts.query, "ssl_cert_reqs=required"])))
    return urlunsplit(parts) if parts != urlsplit(url) else url


def tls(url: str) -> dict[str, Any] | None:
    """Return Celery's broker_use_ssl for the address, which Flower reads alone; None without TLS."""
    if not url.startswith("rediss://"):
        return None
    options: dict[str, Any] = {name: value for name, value in parse_qsl(urlsplit(url).query) if name.startswith("ssl_")}
    asked = str(options["ssl_cert_reqs"]).lower().removeprefix("cert_")
    return {**options, "ssl_cert_reqs": DEMANDS[asked]}
