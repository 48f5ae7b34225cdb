"""How much an event counts in training: lives that overlap tell the same story, and so does a day of many events."""

import numpy as np

from analysis.arrays import Floats, Ints


def uniqueness(first: Ints, last: Ints, bars: int) -> Floats:
    """Return for events of one series, from the bar `first` to `last`, the mean over these bars of 1 / events alive.

    Source: López de Prado, Advances in Financial Machine Learning (2018), ch. 4.
    """
    alive = np.zeros(bars + 1)
    np.add.at(alive, first, 1.0)
    np.add.at(alive, last + 1, -1.0)
    alive = np.cumsum(alive)[:bars]
    shares = np.concatenate(([0.0], np.cumsum(1.0 / np.maximum(alive, 1.0))))
    mean: Floats = (shares[last + 1] - shares[first]) / (last + 1 - first)
    return mean


def by_date(known_at: Ints) -> Floats:
    """Return weights by which a time of many confirmations counts as much as a usual one, and no more.

    Symbols move together: two hundred events of one day are not two hundred trials.
    """
    if not len(known_at):
        return np.empty(0)
    _, places, counts = np.unique(known_at, return_inverse=True, return_counts=True)
    return np.minimum(1.0, np.median(counts) / counts)[places]
