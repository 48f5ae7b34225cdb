"""The name of an answer: the same inputs, plan and sources give the same fingerprint."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any


def sources_digest(sources: Mapping[str, str]) -> str:
    """Return 16 hexadecimal digits over the hashes of what a plan computes with."""
    return sha256(json.dumps(dict(sources), sort_keys=True).encode()).hexdigest()[:16]


def job_fingerprint(
    *, inputs: Iterable[Sequence[Any]], plan: Sequence[str], asked: dict[str, Any], sources: Mapping[str, str]
) -> str:
    """Return `sha256:<hex>` over the inputs' fingerprints, what the plan means, the range asked for and sources.

    inputs are (symbol, series fingerprint, adjustment) in the order asked; asked holds what selects bars and output;
    sources are the hashes of what the plan's entries compute with, so that an answer of other code is never reused.
    """
    canonical = json.dumps(
        {"inputs": [list(pair) for pair in inputs], "plan": list(plan), "asked": asked, "sources": dict(sources)},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return f"sha256:{sha256(canonical.encode()).hexdigest()}"
