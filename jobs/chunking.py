"""How a job's symbols are cut into chunks: enough of them to spread, few enough to be cheap."""

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

# A Celery task costs about 1.3 ms in all, so a chunk of this size spends under 1 % on the queue,
# and work lost with a killed worker stays small.
TARGET_MILLISECONDS = 200
MAX_ITEMS = 500


def split(
    items: Sequence[Item], costs_us: Sequence[float], *, target_ms: float = TARGET_MILLISECONDS
) -> list[list[Item]]:
    """Return the items in order, cut into runs of about `target_ms` of estimated work each."""
    chunks: list[list[Item]] = []
    current: list[Item] = []
    spent = 0.0
    for item, cost in zip(items, costs_us, strict=True):
        if current and (spent + cost > 1_000 * target_ms or len(current) >= MAX_ITEMS):
            chunks.append(current)
            current, spent = [], 0.0
        current.append(item)
        spent += cost
    if current:
        chunks.append(current)
    return chunks
