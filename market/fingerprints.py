"""The identity of a series' content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def series_fingerprint(*, timeframe: str, timezone: str, block_hashes: Iterable[str]) -> str:
    """Return the sha256 (hex) over everything an analysis of the series can see.

    These are the bars, through the hashes of their blocks, the timeframe, and the time zone that cuts
    sessions. Name, source and adjustment do not change a number and are left out.
    """
    digest = hashlib.sha256(f"{timeframe}\n{timezone}\n".encode())
    for block_hash in block_hashes:
        digest.update(bytes.fromhex(block_hash))
    return digest.hexdigest()
