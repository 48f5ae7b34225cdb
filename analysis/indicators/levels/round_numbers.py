"""Round numbers."""

import numpy as np

from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output

ON_IT = 1e-12  # how near to a round number a price is that number


@entry(
    "psychological_levels",
    title="Psychological levels",
    category="levels",
    aliases=("round_numbers",),
    params=(integer("digits", 2, 1, 6, "Digits that a round number has before its zeros."),),
    outputs=(Output("below", "price", flat=None, halted=None), Output("above", "price", flat=None, halted=None)),
    warmup=lambda _: 0,
    history="window",
    is_decimal=True,
    undefined_when="the close is not above zero",
    source="Osler, Currency Orders and Exchange Rate Dynamics, Journal of Finance 58:5 (2003).",
    notes="With 2 digits 187.3 lies between 180 and 190, 1.127 between 1.1 and 1.2. On a round number `below` is it.",
    cost_us=10,
)
def psychological_levels(close: Floats, /, *, digits: int) -> tuple[Floats, Floats]:
    """Return the round numbers below (or at) and above the close."""
    size = np.full(len(close), np.nan)
    np.log10(close, out=size, where=close > 0)
    power = np.floor(size + ON_IT) - (digits - 1)
    # A power of ten below one is no float: what is divided by its inverse is.
    large, small = 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)
    steps = np.floor(close / large * small * (1 + ON_IT))
    return steps * large / small, (steps + 1) * large / small
