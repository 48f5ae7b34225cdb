"""Order blocks: the last candles against a move that broke the structure."""

from collections.abc import Sequence

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import Columns, DetectionContext
from analysis.catalog.registry import entry
from analysis.events import Event
from analysis.kernels import structure as kernel
from analysis.kernels import zones
from analysis.kernels.jit import jit
from analysis.kernels.outcomes import FAILED
from analysis.kernels.run_cache import shared
from analysis.late_events import LateEvents
from analysis.patterns.candidates import Candidate, followed
from analysis.patterns.fair_value_gap import OUTPUTS, UNENDING
from analysis.patterns.structure import SWING, breaks_of, marks_of, part_beyond, warmup_of


def block_events(given: DetectionContext) -> Sequence[Event]:
    """Return order blocks, each with the swing, the block's bar and the break, and the bar that closed through it."""
    bars, swing = given.bars, int(given.values["swing"])
    found, swings, known, prices = breaks_of(bars.high, bars.low, bars.close, swing)
    places, blocks = _blocks(bars.open, bars.high, bars.low, bars.close, swing)
    ends, *_ = _open_blocks(bars.open, bars.high, bars.low, bars.close, swing)

    def make(first: int, last: int) -> list[Event]:
        candidates = []
        for place, block in zip(places[first:last].tolist(), blocks[first:last].tolist(), strict=True):
            _, bar, side, broken, _ = found[place].tolist()
            bottom, top = float(bars.low[block]), float(bars.high[block])
            at = int(swings[broken]), block, bar
            candidates.append(
                Candidate(
                    name="order_block",
                    direction=side,
                    score=part_beyond(given, bar, side, float(prices[broken])),
                    bar=bar,
                    marks=marks_of(given, at, ("swing", "block", "break"), side, int(known[broken])),
                    life=UNENDING,
                    levels={"level": (bottom + top) / 2.0, "low": bottom, "high": top},
                )
            )
        return followed(given, "levels", candidates, ends[first:last], FAILED)

    return LateEvents("order_block", found[places, 1], make, given.start, len(bars))


@entry(
    "order_block",
    title="Order block",
    category="levels",
    params=(SWING,),
    outputs=OUTPUTS,
    warmup=warmup_of,
    history="path",
    undefined_when="no block is open (bottom, top, age)",
    source="LuxAlgo, Smart Money Concepts (2022), of the opposite candles alone; Huddleston (ICT), the order block.",
    notes="Of a break upwards, of either sort: between the swing that it broke and the break, of the bars that closed "
    "below their open the one with the lowest low, from that low to its high; mirrored downwards. Known at the break, "
    "ended by a close through it. The columns are of the newest block that is open: its side (0: none), its prices, "
    "and the bars since it is known.",
    detect=block_events,
    cost_us=20,
)
def order_block(open: Floats, high: Floats, low: Floats, close: Floats, /, *, swing: int) -> Columns:
    """Return the newest order block that is open: its side, its lower and upper price, and its age."""
    _, *columns = _open_blocks(open, high, low, close, swing)
    return tuple(columns)


@shared
def _blocks(open: Floats, high: Floats, low: Floats, close: Floats, swing: int) -> tuple[Ints, Ints]:
    found, swings, *_ = breaks_of(high, low, close, swing)
    return jit[kernel.blocks](open, high, low, close, swings, found)


@shared
def _open_blocks(
    open: Floats, high: Floats, low: Floats, close: Floats, swing: int
) -> tuple[Ints, Floats, Floats, Floats, Floats]:
    found, *_ = breaks_of(high, low, close, swing)
    places, blocks = _blocks(open, high, low, close, swing)
    rows = found[places]
    return jit[zones.open_zones](
        *(np.ascontiguousarray(rows[:, 1]), np.ascontiguousarray(rows[:, 2]), low[blocks], high[blocks]),
        *(close, close, 0, 2 * swing + 1),
    )
