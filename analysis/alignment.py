"""A second series on the bars of a first."""

import numpy as np

from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.resampling import closes
from analysis.timeframe import DAY_NS, LENGTH_NS


def aligned(other: Bars, bars: Bars) -> Floats:
    """Return the other series' closes as they were known on each bar, unknown where it has none.

    With a table of sessions on either side a bar counts on the first bar that closes when it does or later: of New
    York's on Tokyo's that of the day before. Where several do the newest counts, and where none has closed since the
    bar before there is no value. Without a table, bars that begin at the same time belong together.
    """
    if not len(other):
        return np.full(len(bars), np.nan)
    if bars.sessions is None and other.sessions is None:
        place = np.minimum(np.searchsorted(other.time, bars.time), len(other) - 1)
        return np.where(other.time[place] == bars.time, other.close[place], np.nan)
    ends = np.maximum.accumulate(closes(bars))
    length = LENGTH_NS.get(bars.timeframe, 31 * DAY_NS)
    begins = np.concatenate(([ends[0] - length], ends[:-1]))
    other_ends = np.maximum.accumulate(closes(other))
    newest = np.searchsorted(other_ends, ends, side="right") - 1
    place = np.maximum(newest, 0)
    return np.where((newest >= 0) & (other_ends[place] > begins), other.close[place], np.nan)
