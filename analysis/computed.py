"""What a node of an expression came to on bars, and what a run that goes on begins with."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from analysis.catalog.entry import Columns

Note = dict[str, Any]


class Carried(NamedTuple):
    """What a running total came to on the first bar after the warm-up, and the bar that it began with (ms)."""

    values: tuple[float, ...]
    anchored_at: int


@dataclass(slots=True)
class Computed:
    """A node's columns (one, or one an output), and what there is to say about them.

    `is_short` tells that there were too few bars to compute it at all, `is_whole` that every value after the warm-up
    is a number.
    """

    columns: Columns
    notes: list[Note] = field(default_factory=list)
    is_short: bool = False
    is_whole: bool = False
