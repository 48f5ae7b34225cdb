"""Of spans of bars in the order of their confirmation those that share little with one kept before."""

import numpy as np

from analysis.arrays import Ints

ANY, BY_BARS, BY_NAME = 0, 1, 2  # of another name a rival: like any; over the same bars alone; never


def kept(order: Ints, bars: Ints, first: Ints, last: Ints, names: Ints, rivals: int, most: float, same: float) -> Ints:
    """Return the places of the spans that are kept, in their `order`, which is that of the confirming `bars`.

    Two are rivals that share more than `most` of the shorter one's bars from `first` to `last`; by their bars alone,
    where `same` of those that either has are shared. What was confirmed before a span begins is no rival.
    """
    found = np.empty(len(order), np.int64)
    total = 0
    for place in order:
        is_rival = False
        for at in range(total - 1, -1, -1):
            other = found[at]
            if bars[other] < first[place]:
                break  # and so were all before it
            is_other_name = names[other] != names[place]
            if is_other_name and rivals == BY_NAME:
                continue
            both = min(last[place], last[other]) - max(first[place], first[other])
            if is_other_name and rivals == BY_BARS:
                whole = max(last[place], last[other]) - min(first[place], first[other])
                is_rival = both + 1 >= same * (whole + 1)
            else:
                is_rival = both > most * min(last[place] - first[place], last[other] - first[other])
            if is_rival:
                break
        if not is_rival:
            found[total] = place
            total += 1
    return found[:total]
