"""What running a chunk came to: facts for the caller, who counts them as metrics."""

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["succeeded", "failed", "cancelled", "released", "lost"]

# The code of an attempt that another has taken the chunk over from; no chunk ends by it.
LEASE_LOST = "lease_lost"


@dataclass(slots=True)
class ChunkReport:
    """`lost` means that another worker holds the chunk, it is over or its queue is paused; `released` that it will run
    again.

    `calls_back` tells that this chunk ended its job and somebody wants to be told of that, `disk_is_full` that it was
    released because there was no room for its result. `code` is one of jobs.end_reasons where it has not succeeded.
    """

    outcome: Outcome
    queue: str = ""
    code: str = ""
    calls_back: bool = False
    disk_is_full: bool = False
    wait_seconds: float | None = None
    runtime_seconds: float = 0.0
    symbol_count: int = 0
    prediction_seconds: float | None = None
    shadow_seconds: float | None = None
    patterns: dict[str, int] = field(default_factory=dict)
