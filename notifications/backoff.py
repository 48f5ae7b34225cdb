"""When a message that was not taken is sent again, and how often."""

import random
from datetime import timedelta

# Pauses before the second attempt and the later ones, each a fifth shorter or longer by chance.
PAUSES = [timedelta(seconds=s) for s in (5, 30, 120, 600, 3_600, 6 * 3_600, 24 * 3_600)]
MOST_ATTEMPTS = len(PAUSES) + 1


def pause_after(attempt: int) -> timedelta | None:
    """Return how long to wait after this many failed attempts; None when there are to be no more."""
    spread = random.uniform(0.8, 1.2)  # noqa: S311 (nobody has to guess it)
    return PAUSES[attempt - 1] * spread if attempt < MOST_ATTEMPTS else None
