"""How large a result becomes: told from a plan before anything is computed, and from the result before it is packed.

The unit is a byte as codec.pack() writes it: 8 for every value, and the text of events and notes.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis.records.baselines import highest_rate
from analysis.result import Result

VALUE = 8
HEADER = 500
NOTE = 100  # a column's key with a note on its quality
# As text, rounded up from a walk of 5,000 bars: of a candlestick, and of what has points, levels and a history.
CANDLESTICK, SHAPE = 160, 1_000
FORETOLD = 1_000  # what is said of an event that is more than a mark
HEADS, HEAD, REASON = 2, 150, 90  # and why: of each head, and of each feature that moved it
# Series differ: events come more often than where their detectors were measured, but seldom by more than this.
MARGIN = 1.5
UNMEASURED = 50  # events per 1,000 bars of a detector that was never measured
PER = 1_000


class Detector(NamedTuple):
    """A detector of a plan; `scale` is the size that it looks for, None where another parameter is not the default."""

    name: str
    is_candlestick: bool
    scale: str | None = ""


class ResultSize(NamedTuple):
    """What one symbol's result comes to: a constant, and so much for each of its bars."""

    fixed_bytes: float
    bar_bytes: float
    column_count: int
    events_per_bar: float

    def of(self, bars: int) -> int:
        """Return the bytes of a result of n bars."""
        return round(self.fixed_bytes + self.bar_bytes * bars)


def expected(keys: Sequence[str], detectors: Iterable[Detector]) -> ResultSize:
    """Return the size of a result with these columns and the events of these detectors.

    How often a detector fires at its scale is told from the record of its measured rates, and rounded up by half. With
    other parameters nothing was measured: it is taken to fire as often as at the scale that has the most.
    """
    events = text = 0.0
    for one in detectors:
        rate = highest_rate(one.name, one.scale)
        rate = MARGIN * (UNMEASURED if rate is None else rate) / PER
        events += rate
        text += rate * (CANDLESTICK if one.is_candlestick else SHAPE)
    fixed = HEADER + sum(NOTE + len(key) for key in keys)
    return ResultSize(fixed, VALUE * (1 + len(keys)) + text, len(keys), events)


def measured(result: Result) -> int:
    """Return about how many bytes a result has as it comes from a run, its events counted and not made."""
    keys = result.columns
    marks, shapes = result.events.marks_and_shapes()
    fixed = HEADER + sum(NOTE + len(key) for key in keys)
    return fixed + VALUE * (1 + len(keys)) * len(result.time) + CANDLESTICK * marks + SHAPE * shapes


def foretold(result: Result, reasons: int = 0, *, marks: bool = False, shapes: bool = True) -> int:
    """Return about how many bytes are added by what is said of its marks of one bar, or of its other events, with this
    number of reasons of each head.
    """
    each = FORETOLD + (HEADS * (HEAD + REASON * reasons) if reasons else 0)
    of_marks, of_shapes = result.events.marks_and_shapes()
    return HEADER + each * (of_marks * marks + of_shapes * shapes)
