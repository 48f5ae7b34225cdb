"""What hostile clients send: every attack is a name, the bytes of its requests, and how they are sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

TOKEN, JOBS, BULK, LOGIN = "/api/v1/token", "/api/v1/jobs", "/api/v1/jobs/bulk", "/admin/login/"
# How requests are sent: whole and one after another, without their body, or a byte of it a second.
WHOLE, HALF, DRIP = "whole", "half", "drip"
# What is sent to open routes ends here (api.v1.tokens.Open); what owners send ends at BODY_MAX_BYTES.
OPEN_BYTES, OWNER_BYTES = 4_096, 10 << 20


@dataclass(frozen=True)
class Attack:
    """One kind: `requests` are sent in turn; `sources` is from how many addresses; anonymous ones have goals alone."""

    name: str
    requests: tuple[bytes, ...]
    mode: str = WHOLE
    sources: int = 1
    anonymous: bool = True


def request(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *, announced: int | None = None
) -> bytes:
    """Return one request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    length = len(body) if announced is None else announced
    if length:
        headers = {"Content-Type": "application/json", "Content-Length": str(length), **(headers or {})}
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def nested(size: int) -> bytes:
    """Return a list of as many empty lists as fit."""
    return b"[" + b"[]," * ((size - 4) // 3) + b"[]]"


def doubled(size: int) -> bytes:
    """Return an object whose first name comes again at its end, after as many others as fit."""
    names = ",".join(f'"{n:x}":0' for n in range(size // 12))
    return f'{{"a":0,{names},"a":1}}'.encode()


def misspelt(size: int) -> bytes:
    """Return an object of as many unknown names as fit."""
    return json.dumps({f"symbol{n:x}": 0 for n in range(size // 20)}).encode()


def password(name: str) -> bytes:
    """Return a request for a token with a wrong password."""
    return request("POST", TOKEN, json.dumps({"username": name, "password": "not the right one"}).encode())


def attacks(key: str, *, scale: float = 1.0) -> list[Attack]:
    """Return all kinds; `key` is a hostile owner's, and `scale` makes what owners send smaller."""
    most = int(OWNER_BYTES * scale)

    def owner(method: str, path: str, body: bytes = b"", announced: int | None = None) -> bytes:
        return request(method, path, body, {"Authorization": f"Api-Key {key}"}, announced=announced)

    symbols = json.dumps({"symbols": [f"X{n}" for n in range(int(200_000 * scale))], "analyses": ["rsi"]}).encode()
    bulk = json.dumps({"jobs": [{f"symbol{n}": 0 for n in range(50)}] * int(1_000 * scale)}).encode()
    cursors = ("a" * 60_000, "%00" * 2_000, "W10=", "-1", "9" * 5_000)
    return [
        Attack("half bodies", (request("POST", TOKEN, announced=900), request("POST", JOBS, announced=900)), HALF, 8),
        Attack("slow drips", (request("POST", TOKEN, announced=900),), DRIP, 8),
        Attack("half bodies, an owner's", (owner("POST", JOBS, announced=900),), HALF, anonymous=False),
        Attack("announced 10 MB", (request("POST", TOKEN, b"[[],", announced=most),)),
        Attack("container bombs", (request("POST", TOKEN, nested(OPEN_BYTES)),)),
        Attack("container bombs, an owner's", (owner("POST", JOBS, nested(most)),), anonymous=False),
        Attack("duplicate names", (request("POST", TOKEN, doubled(OPEN_BYTES)),)),
        Attack("duplicate names, an owner's", (owner("POST", JOBS, doubled(most // 10)),), anonymous=False),
        Attack("fault floods", (request("POST", TOKEN, misspelt(OPEN_BYTES)),)),
        Attack(
            "fault floods, an owner's",
            (owner("POST", JOBS, misspelt(most // 5)), owner("POST", BULK, bulk)),
            anonymous=False,
        ),
        Attack("wrong passwords, one address", tuple(password(f"user{n}") for n in range(3))),
        Attack("wrong passwords, many addresses", tuple(password(f"user{n}") for n in range(3)), sources=200),
        Attack(
            "long queries and headers",
            (
                request("GET", f"{JOBS}?{'a=1&' * 15_000}"),
                request("GET", JOBS, headers={f"X-{n}": "a" * 600 for n in range(90)}),
                request("GET", JOBS, headers={"Authorization": f"Bearer {'a.' * 20_000}"}),
                request("GET", f"/{'a/' * 20_000}"),
                request("GET", "/docs", headers={"Accept": ",".join(["a/b;q=0.5"] * 5_000)}),
                request("GET", "/api/v1/schema?version=%0a"),
            ),
        ),
        Attack("symbols without end, an owner's", (owner("POST", JOBS, symbols),), anonymous=False),
        Attack(
            "cursors and pages, an owner's",
            (
                *(owner("GET", f"{JOBS}?cursor={cursor}") for cursor in cursors),
                owner("GET", f"{JOBS}?limit=1000000000"),
                owner("GET", f"/api/v1/series?limit=-1&cursor={cursors[0]}"),
            ),
            anonymous=False,
        ),
    ]


def mixed(key: str) -> Attack:
    """Return everything that is sent whole, made small: what is asked is whether memory stays where it is."""
    whole = [attack for attack in attacks(key, scale=0.005) if attack.mode == WHOLE and "password" not in attack.name]
    return Attack("all of it", tuple(one for attack in whole for one in attack.requests), sources=200)
