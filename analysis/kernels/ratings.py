"""The votes of averages and oscillators in a rating: 1 for a rise, −1 for a fall, 0 for neither, NaN unknown.

What is apart by less than 1e-9 of its unit is equal: running sums leave such residues where nothing moves.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
EQUAL = 1e-9
POINT = 100 * EQUAL  # for what runs from 0 to 100
SPANS_AGO = 26


class Oscillators(NamedTuple):
    """The columns that the oscillators' votes are made of; `trend` is the average that price is above or below."""

    rsi: Floats
    k: Floats
    d: Floats
    cci: Floats
    adx: Floats
    plus: Floats
    minus: Floats
    awesome: Floats
    momentum: Floats
    macd: Floats
    signal: Floats
    rsi_k: Floats
    rsi_d: Floats
    williams: Floats
    bull: Floats
    bear: Floats
    ultimate: Floats


def oscillator_votes(given: Oscillators, close: Floats, trend: Floats) -> Floats:
    """Return a row of votes for each of the eleven oscillators; a vote on a change needs the bar before."""
    price = EQUAL * close
    is_up, is_down = close - trend > price, trend - close > price
    rsi_rises, rsi_falls = _turned(given.rsi, POINT)
    cci_rises, cci_falls = _turned(given.cci, POINT)
    adx_rises, _ = _turned(given.adx, POINT)
    awesome_rises, awesome_falls = _turned(given.awesome, price)
    momentum_rises, momentum_falls = _turned(given.momentum, price)
    williams_rises, williams_falls = _turned(given.williams, POINT)
    bear_rises, _ = _turned(given.bear, price)
    _, bull_falls = _turned(given.bull, price)
    strong = (given.adx > 20 + POINT) & adx_rises
    leads = given.plus - given.minus
    above, below = given.awesome > price, given.awesome < -price
    # A cross, or a saucer: on one side for two bars, and turned towards it again.
    up = above & (~_before(above) | (awesome_rises & _before(awesome_falls)))
    down = below & (~_before(below) | (awesome_falls & _before(awesome_rises)))
    ahead = given.macd - given.signal
    low, high = _crossing(given.k, given.d)
    rsi_low, rsi_high = _crossing(given.rsi_k, given.rsi_d)
    trendless = np.isnan(trend)
    rows = (
        (rsi_rises & (given.rsi < 30 - POINT), rsi_falls & (given.rsi > 70 + POINT), _unturned(given.rsi)),
        (low, high, np.isnan(given.k + given.d)),
        (cci_rises & (given.cci < -100 - POINT), cci_falls & (given.cci > 100 + POINT), _unturned(given.cci)),
        (strong & (leads > POINT), strong & (leads < -POINT), _unturned(given.adx)),
        (up, down, _unturned(_lagged(given.awesome))),
        (momentum_rises, momentum_falls, _unturned(given.momentum)),
        (ahead > price, ahead < -price, np.isnan(ahead)),
        (rsi_low & is_down, rsi_high & is_up, np.isnan(given.rsi_k + given.rsi_d) | trendless),
        (
            williams_rises & (given.williams < -80 - POINT),
            williams_falls & (given.williams > -20 + POINT),
            _unturned(given.williams),
        ),
        (
            is_up & (given.bear < -price) & bear_rises,
            is_down & (given.bull > price) & bull_falls,
            _unturned(given.bull) | trendless,
        ),
        (given.ultimate > 70 + POINT, given.ultimate < 30 - POINT, np.isnan(given.ultimate)),
    )
    return _votes(rows)


def average_votes(close: Floats, averages: Sequence[Floats]) -> Floats:
    """Return a row of votes for each average: for a rise where price is above it."""
    apart = close - np.array(averages)
    price = EQUAL * close
    votes: Floats = np.subtract(apart > price, apart < -price, dtype=np.float64)
    votes[np.isnan(apart)] = np.nan
    return votes


def cloud_votes(close: Floats, conversion: Floats, base: Floats, first: Floats, second: Floats) -> Floats:
    """Return the vote of Ichimoku's lines; the spans are those computed 26 bars ago."""
    ahead = [np.full(len(close), np.nan), np.full(len(close), np.nan)]
    for column, span in zip(ahead, (first, second), strict=True):
        column[SPANS_AGO:] = span[:-SPANS_AGO] if len(span) > SPANS_AGO else span[:0]
    steps = np.array((close - conversion, conversion - base, base - ahead[0], ahead[0] - ahead[1]))
    price = EQUAL * close
    votes: Floats = np.subtract((steps > price).all(axis=0), (steps < -price).all(axis=0), dtype=np.float64)
    votes[np.isnan(steps).any(axis=0)] = np.nan
    return votes[np.newaxis]


def tally(votes: Floats) -> tuple[Floats, Floats]:
    """Return the mean of the votes that are known on each bar (0 where none is), and how many there are."""
    known = ~np.isnan(votes)
    count = known.sum(axis=0, dtype=np.float64)
    return np.where(known, votes, 0.0).sum(axis=0) / np.maximum(count, 1), count


def _votes(rows: Sequence[tuple[Bools, Bools, Bools]]) -> Floats:
    votes = np.empty((len(rows), len(rows[0][0])))
    for vote, (up, down, unknown) in zip(votes, rows, strict=True):
        np.subtract(up, down, out=vote, dtype=np.float64)
        vote[unknown] = np.nan
    return votes


def _turned(values: Floats, least: Floats | float) -> tuple[Bools, Bools]:
    """Return where the values rose and where they fell since the bar before."""
    change = values - _lagged(values)
    return change > least, change < -least


def _unturned(values: Floats) -> Bools:
    """Return where the value or the one before is unknown."""
    return np.isnan(values + _lagged(values))


def _lagged(values: Floats) -> Floats:
    before = np.empty(len(values))
    before[:1], before[1:] = np.nan, values[:-1]
    return before


def _before(marks: Bools) -> Bools:
    before = np.zeros(len(marks), np.bool_)
    before[1:] = marks[:-1]
    return before


def _crossing(k: Floats, d: Floats) -> tuple[Bools, Bools]:
    """Return where both are low and k is above d, and where both are high and k is below d."""
    ahead = k - d
    low = (np.maximum(k, d) < 20 - POINT) & (ahead > POINT)
    return low, (np.minimum(k, d) > 80 + POINT) & (ahead < -POINT)
