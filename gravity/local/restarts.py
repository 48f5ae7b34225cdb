"""How often a part of the local system may end by itself and be started again before something is wrong with it."""

import time
from collections import defaultdict, deque
from collections.abc import Callable

MOST, WITHIN_SECONDS = 3, 600.0


class Restarts:
    """Counts them, each part for itself; what was long ago counts no more."""

    def __init__(
        self, most: int = MOST, within_seconds: float = WITHIN_SECONDS, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self.most, self._within, self._timer = most, within_seconds, timer
        self._at: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, name: str) -> int | None:
        """Return the number of this restart of the part, from 1; None when it has had all."""
        now, taken = self._timer(), self._at[name]
        while taken and now - taken[0] > self._within:
            taken.popleft()
        if len(taken) >= self.most:
            return None
        taken.append(now)
        return len(taken)
