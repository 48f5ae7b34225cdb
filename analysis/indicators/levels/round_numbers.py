"""Round numbers."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.jit import jit
from analysis.kernels.round_numbers import around

ON_IT = 1e-12  # how near to a round number a price is that number


@entry(
    "psychological_levels",
    title="Psychological levels",
    category="levels",
    aliases=("round_numbers",),
    params=(integer("digits", 2, 1, 6, "Digits that a round number has before its zeros."),),
    outputs=(
        Output("below", "price", constant_value=None, settled_value=None),
        Output("above", "price", constant_value=None, settled_value=None),
    ),
    warmup=lambda _: 0,
    history="window",
    depends_on_price_digits=True,
    undefined_when="the close is not above zero",
    source="Osler, Currency Orders and Exchange Rate Dynamics, Journal of Finance 58:5 (2003).",
    notes="With 2 digits 187.3 lies between 180 and 190, 1.127 between 1.1 and 1.2. On a round number `below` is it.",
    cost_us=10,
    needs_positive_prices=True,
)
def psychological_levels(close: Floats, /, *, digits: int) -> tuple[Floats, Floats]:
    """Return the round numbers below (or at) and above the close."""
    below, above = jit[around](close, digits, ON_IT)
    return below, above
