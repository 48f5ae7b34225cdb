"""Whether a series has ended, so that what is said of its newest bar is not said of now."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from analysis.arrays import Times

# Of how many of the newest bars the steps are looked at, whatever else is loaded.
STEP_BARS = 1_024
# A step is usual if as long ones are a tenth of all, or come once a week: weekends of daily bars, nights of minutes.
USUAL_SHARE = 0.1
WEEK_NS = 7 * 86_400 * 1_000_000_000
# By how many usual steps a bar that should have come is late.
STEPS_LATE = 3


def usual_step_seconds(time: Times) -> int | None:
    """Return the longest step between bars that the newest of them make again and again, in whole seconds.

    `time` is ascending, int64 ns. None for fewer than two bars, and where bars are less than a second apart.
    """
    newest = time[-STEP_BARS:]
    if len(newest) < 2:
        return None
    steps = np.sort(np.diff(newest))
    weeks = int(newest[-1] - newest[0]) / WEEK_NS
    often = max(1, int(min(USUAL_SHARE * len(steps), weeks)))
    return int(steps[-often]) // 1_000_000_000 or None


def is_stale(last_bar_at: datetime, usual_step_seconds: int, at: datetime) -> bool:
    """Tell whether the newest bar's open is older at that moment than the usual step by three of them."""
    return (at - last_bar_at).total_seconds() > (1 + STEPS_LATE) * usual_step_seconds
