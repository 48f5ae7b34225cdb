"""The name of an answer: the same inputs, plan and engine give the same fingerprint."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any


def job_fingerprint(*, inputs: Iterable[Sequence[Any]], plan: Sequence[str], asked: dict[str, Any], engine: str) -> str:
    """Return `sha256:<hex>` over the inputs' fingerprints, the canonical plan, the range asked for and the engine.

    inputs are (symbol, series fingerprint, adjustment) in the order asked; asked holds what selects bars and output.
    """
    canonical = json.dumps(
        {"inputs": [list(pair) for pair in inputs], "plan": list(plan), "asked": asked, "engine": engine},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return f"sha256:{sha256(canonical.encode()).hexdigest()}"
