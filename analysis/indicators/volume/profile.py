"""Where the volume of a period was traded."""

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, UNKNOWN, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.jit import jit
from analysis.kernels.rolling import highest, lowest
from analysis.kernels.volume_profile import value_areas


@entry(
    "volume_profile",
    title="Volume profile",
    category="volume",
    aliases=("vp", "point_of_control", "value_area"),
    params=(integer("period", 100, 1), integer("bins", 24, 2, 500), number("value_area", 70, 1, 100)),
    outputs=(
        Output("point_of_control", "price", 0, constant_value=PRICE, settled_value=UNKNOWN),
        Output("value_area_high", "price", 0, constant_value=PRICE, settled_value=UNKNOWN),
        Output("value_area_low", "price", 0, constant_value=PRICE, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="no volume in the period",
    source="Steidlmayer; CBOT Market Profile handbook, value area of 70 %; TradingView's 24 rows.",
    notes="Equal rows from the period's low to its high; a bar's volume lies evenly over its range. The area grows "
    "from the row with most volume by two rows above or below, whichever hold more, of equal ones those above.",
    cost_us=120,
)
def volume_profile(
    high: Floats, low: Floats, volume: Floats, /, *, period: int, bins: int, value_area: float
) -> tuple[Floats, Floats, Floats]:
    """Return the price with most of the period's volume and the ends of the area around it that holds 70 % of it."""
    tops, bottoms, largest = highest(high, period), lowest(low, period), highest(volume, period)
    areas = jit[value_areas](high, low, volume, tops, bottoms, largest, period, bins, value_area / 100)
    control, top, bottom = areas
    return control, top, bottom
