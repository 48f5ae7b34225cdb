"""How a job's symbols are cut into chunks: enough of them to spread, few enough to be cheap."""

import math
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

# A Celery task costs about 1.3 ms in all, so a chunk of this size spends under 1 % on the queue,
# and work lost with a killed worker stays small.
TARGET_MILLISECONDS = 200
MAX_ITEMS = 500


def split(
    items: Sequence[Item],
    costs_us: Sequence[float],
    sizes: Sequence[int],
    *,
    target_ms: float = TARGET_MILLISECONDS,
    most_bytes: float = math.inf,
) -> list[list[Item]]:
    """Return the items in order, cut into runs of about `target_ms` of estimated work each.

    The results of a run are stored, and read, together: they are expected to have no more than `most_bytes`, unless
    one item alone has.
    """
    chunks: list[list[Item]] = []
    current: list[Item] = []
    spent, held = 0.0, 0
    for item, cost, size in zip(items, costs_us, sizes, strict=True):
        is_full = spent + cost > 1_000 * target_ms or held + size > most_bytes or len(current) >= MAX_ITEMS
        if current and is_full:
            chunks.append(current)
            current, spent, held = [], 0.0, 0
        current.append(item)
        spent += cost
        held += size
    if current:
        chunks.append(current)
    return chunks
