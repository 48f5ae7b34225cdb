"""Setups and countdowns of closes, by which DeMark tells that a move is used up."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels import sequential as kernel
from analysis.kernels.jit import jit


def _count(name: str) -> Output:
    return Output(name, "count", 0, constant_value=0.0, settled_value=0.0)


@entry(
    "sequential",
    title="Sequential",
    category="momentum",
    aliases=("td_sequential",),
    params=(
        integer("setup", 9, 2, 50, "Closes in a row that make a setup."),
        integer("countdown", 13, 9, 100, "Bars that complete a countdown."),
    ),
    outputs=(_count("buy_setup"), _count("sell_setup"), _count("buy_countdown"), _count("sell_countdown")),
    warmup=lambda _: kernel.BACK + 1,
    history="path",
    source="Perl, DeMark Indicators (2008), ch. 1; DeMark, TD Sequential (Market Studies, 1997): the price flip.",
    notes="0 where a bar counts for none. A buy setup is `setup` closes in a row below the close four bars before, "
    "after a close that was not below it. A buy countdown counts, from the setup's last bar on, closes no higher than "
    "the low two bars before; the last one only where its low is no higher than the close of the eighth. A complete "
    "sell setup cancels it, a further buy setup does not begin it again (no recycling). Sells are the mirror image.",
    cost_us=5,
)
def sequential(
    high: Floats, low: Floats, close: Floats, /, *, setup: int, countdown: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return which bar of a setup and of a countdown this one is."""
    return jit[kernel.sequential](high, low, close, setup, countdown)
