"""Round numbers about a price."""

import numpy as np

from analysis.arrays import Floats


def around(values: Floats, digits: int, on_it: float) -> tuple[Floats, Floats]:
    """Return the numbers of n digits below (or at) and above each value; NaN unless it is above zero.

    Written for numba. What is `on_it` of a number below it is at it.
    """
    below, above = np.empty(len(values)), np.empty(len(values))
    power, large, small = np.inf, 1.0, 1.0
    for at in range(len(values)):
        if not values[at] > 0.0:
            below[at], above[at] = np.nan, np.nan
            continue
        now = np.floor(np.log10(values[at]) + on_it) - (digits - 1)
        if now != power:
            # A power of ten below one is no float: what is divided by its inverse is.
            power, large, small = now, 10.0 ** max(now, 0.0), 10.0 ** max(-now, 0.0)
        steps = np.floor(values[at] / large * small * (1.0 + on_it))
        below[at], above[at] = steps * large / small, (steps + 1.0) * large / small
    return below, above
