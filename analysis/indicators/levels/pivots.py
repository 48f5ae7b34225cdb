"""Pivot points of the period before: six ways to make support and resistance of its open, high, low and close."""

from collections.abc import Callable

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import choice
from analysis.catalog.registry import entry
from analysis.kernels.division import ratio
from analysis.kernels.periods import EVERY, before, first_bars, on_bars

Levels = tuple[Floats, ...]
PERIOD = choice("period", "month", EVERY, "whose open, high, low and close count")
NOTES = (
    "Of the last period that was over before the bar; the first one in the bars counts as it is there. Weeks begin on "
    "Monday; weeks, months, quarters and years go by the dates of the sessions, else by UTC days."
)
UNDEFINED = "no period has passed since the first bar"


def _outputs(count: int) -> tuple[Output, ...]:
    names = ["p", *(f"{side}{n}" for n in range(1, count + 1) for side in ("r", "s"))]
    return tuple(Output(name, "price", constant_value=None, settled_value=PRICE) for name in names)


def _register(kind: str, title: str, count: int, source: str, levels: Callable[..., Levels]) -> None:
    def compute(
        open: Floats, high: Floats, low: Floats, close: Floats, session: Floats, day: Floats, /, *, period: str
    ) -> Levels:
        *given, which = before(first_bars(session, day, period), open, high, low, close)
        return on_bars(levels(*given), which)

    compute.__doc__ = f"Return the {title.lower()} of the period before."
    entry(
        f"pivots_{kind}",
        title=title,
        category="levels",
        params=(PERIOD,),
        outputs=_outputs(count),
        warmup=lambda _: 0,
        history="path",
        undefined_when=UNDEFINED,
        source=source,
        notes=NOTES,
        cost_us=40,
    )(compute)


def traditional(o: Floats, h: Floats, low: Floats, c: Floats, today: Floats) -> Levels:
    """Return P, R1, S1 … R5, S5: from the third on Rn = (n − 1) P + H − (n − 1) L, Sn = (n − 1) P − ((n − 1) H − L)."""
    p, reach = (h + low + c) / 3, h - low
    far = (level for n in (2, 3, 4) for level in (n * p + h - n * low, n * p - (n * h - low)))
    return p, 2 * p - low, 2 * p - h, p + reach, p - reach, *far


def classic(o: Floats, h: Floats, low: Floats, c: Floats, today: Floats) -> Levels:
    """Return P, R1, S1 … R4, S4 with R3 = P + 2 ranges."""
    p, reach = (h + low + c) / 3, h - low
    return p, 2 * p - low, 2 * p - h, p + reach, p - reach, p + 2 * reach, p - 2 * reach, p + 3 * reach, p - 3 * reach


def fibonacci(o: Floats, h: Floats, low: Floats, c: Floats, today: Floats) -> Levels:
    """Return P and P ± 0.382, 0.618 and 1 range."""
    p, reach = (h + low + c) / 3, h - low
    parts = (0.382, 0.618, 1.0)
    return p, *(p + side * part * reach for part in parts for side in (1, -1))


def camarilla(o: Floats, h: Floats, low: Floats, c: Floats, today: Floats) -> Levels:
    """Return P, C ± 1.1 ranges over 12, 6, 4 and 2, then R5 = C × H / L and S5 as far below C."""
    p, reach, r5 = (h + low + c) / 3, h - low, ratio(h, low) * c
    return p, *(c + side * 1.1 * reach / part for part in (12, 6, 4, 2) for side in (1, -1)), r5, 2 * c - r5


def woodie(o: Floats, h: Floats, low: Floats, c: Floats, today: Floats) -> Levels:
    """Return P = (H + L + 2 × the present period's open) / 4, R1, S1 … R4, S4."""
    p, reach = (h + low + 2 * today) / 4, h - low
    r3, s3 = h + 2 * (p - low), low - 2 * (h - p)
    return p, 2 * p - low, 2 * p - h, p + reach, p - reach, r3, s3, r3 + reach, s3 - reach


def demark(o: Floats, h: Floats, low: Floats, c: Floats, today: Floats) -> Levels:
    """Return X / 4, X / 2 − L and X / 2 − H, X weighing the high, the low or the close double."""
    x = h + low + c + np.where(c < o, low, np.where(c > o, h, c))
    return x / 4, x / 2 - low, x / 2 - h


TRADINGVIEW = "TradingView's Pivot Points Standard, "
_register("traditional", "Traditional pivot points", 5, TRADINGVIEW + "traditional (floor traders').", traditional)
_register("classic", "Classic pivot points", 4, TRADINGVIEW + "classic.", classic)
_register("fibonacci", "Fibonacci pivot points", 3, TRADINGVIEW + "Fibonacci.", fibonacci)
_register("camarilla", "Camarilla pivot points", 5, "Stott (1989); " + TRADINGVIEW + "Camarilla.", camarilla)
_register("woodie", "Woodie's pivot points", 4, TRADINGVIEW + "Woodie: with the present open.", woodie)
_register("demark", "DeMark's pivot points", 1, "DeMark, The New Science of Technical Analysis (1994).", demark)
