"""Job ids: time-ordered, so that the newest rows sit together in the index."""

import os
import time
from datetime import datetime
from uuid import UUID


def job_id() -> UUID:
    """Return a version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def first_id_at(moment: datetime) -> UUID:
    """Return the smallest id that a job of this millisecond, or a later one, can have."""
    milliseconds = max(0, int(moment.timestamp() * 1_000))
    return UUID(int=(milliseconds & ((1 << 48) - 1)) << 80)


def ids_beginning(text: str) -> tuple[UUID, UUID] | None:
    """Return the smallest and the largest id that begin so, as people copy them; None if none does."""
    digits = text.strip().lower().replace("-", "")
    if not 4 <= len(digits) <= 32 or not set(digits) <= set("0123456789abcdef"):
        return None
    return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
