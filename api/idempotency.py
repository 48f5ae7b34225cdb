"""The Idempotency-Key header: its form, and the name of the body it goes with."""

import json
from hashlib import sha256
from typing import Any

from rest_framework.request import Request

from analysis.errors import Fault
from jobs.errors import InvalidRequest

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
MAX_CHARS = 200


def idempotency_key(request: Request) -> str | None:
    """Return the request's key, or None without one; raise InvalidRequest for one that cannot be kept."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_CHARS or not key.isascii() or not key.isprintable() or key.isspace():
        detail = f"{HEADER} has 1 to {MAX_CHARS} printable ASCII characters."
        raise InvalidRequest([Fault(f"?{HEADER}", "out_of_bounds", detail)])
    return key


def refuse_key(request: Request) -> None:
    """Raise InvalidRequest if the request has a key: this route keeps none, and to ignore it would be a trap."""
    if HEADER in request.headers:
        detail = f"This route keeps no {HEADER}; POST /jobs, /indicators/compute and /patterns/detect do."
        raise InvalidRequest([Fault(f"?{HEADER}", "key_not_kept", detail)])


def body_hash(body: Any) -> str:
    """Return the sha256 of a decoded body; the order of names and white space do not matter."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
