"""Chart shapes as turning points, exact or displaced by chance; heights are in ranges of a bar."""

from collections.abc import Callable

import numpy as np

from analysis.validation.synthetic.paths import SLOPE, Outline

HEIGHTS = (7.0, 16.0)
Rng = np.random.Generator
# Upper and lower line of a shape of unit height: where each begins and where it ends.
LINES = {
    "ascending_triangle": (1.0, 1.0, 0.0, 0.62),
    "descending_triangle": (1.0, 0.38, 0.0, 0.0),
    "symmetrical_triangle": (1.0, 0.68, 0.0, 0.32),
    "rising_wedge": (1.0, 1.4, 0.0, 0.95),
    "falling_wedge": (1.0, 0.05, 0.0, -0.4),
    "rectangle": (1.0, 1.0, 0.0, 0.0),
    "channel_up": (1.0, 1.7, 0.0, 0.7),
    "channel_down": (1.0, 0.3, 0.0, -0.7),
}
TOUCHES = (5, 6)


def _head(rng: Rng) -> tuple[list[float], list[int], int]:
    shoulder = float(rng.uniform(0.4, 0.7))
    return [-1.0, shoulder, 0.0, 1.0, 0.0, shoulder, -1.0], [6] * 6, 5


def _double(rng: Rng) -> tuple[list[float], list[int], int]:
    return [-0.8, 1.0, 0.0, 1.0, -1.0], [6, 14, 14, 6], 3


def _triple(rng: Rng) -> tuple[list[float], list[int], int]:
    return [-0.8, 1.0, 0.0, 1.0, 0.0, 1.0, -1.0], [6, 14, 14, 14, 14, 6], 5


def _broadening(rng: Rng) -> tuple[list[float], list[int], int]:
    return [-0.6, 0.4, 0.2, 0.7, 0.0, 1.0, -1.2], [6] * 6, 5


def _cup(rng: Rng) -> tuple[list[float], list[int], int]:
    return [0.0, 1.0, 0.45, 0.12, 0.0, 0.12, 0.45, 1.0, 0.7, 1.5], [6, 6, 8, 8, 8, 8, 6, 4, 4], 8


def _diamond(rng: Rng) -> tuple[list[float], list[int], int]:
    if rng.random() < 0.5:
        return [-0.8, 0.7, 0.35, 1.0, 0.0, 0.7, 0.3, 1.8], [6] * 7, 6
    return [-0.8, 0.6, 0.3, 0.7, 0.0, 1.0, 0.3, 0.65, -0.8], [6] * 8, 7


def _wolfe(rng: Rng) -> tuple[list[float], list[int], int]:
    return [0.9, 0.4, 1.0, 0.1, 0.55, -0.35, 0.9], [6] * 6, 5


REVERSALS: dict[str, tuple[str, Callable[[Rng], tuple[list[float], list[int], int]]]] = {
    "head_and_shoulders": ("inverse_head_and_shoulders", _head),
    "double_top": ("double_bottom", _double),
    "triple_top": ("triple_bottom", _triple),
    "broadening_top": ("broadening_bottom", _broadening),
    "diamond_top": ("diamond_bottom", _diamond),
}
MIRRORED = {bottom: top for top, (bottom, _) in REVERSALS.items()}
# Shapes of their own, and the sides that they are drawn on.
OTHERS: dict[str, tuple[Callable[[Rng], tuple[list[float], list[int], int]], tuple[float, ...]]] = {
    "cup_with_handle": (_cup, (1.0,)),
    "inverse_cup_with_handle": (_cup, (-1.0,)),
    "wolfe_wave": (_wolfe, (1.0, -1.0)),
}
NAMES = (*REVERSALS, *MIRRORED, *LINES, *OTHERS)


def sampled(rng: Rng, name: str, noise: float, touches: int = TOUCHES[-1]) -> Outline:
    """Return the shape of this name, 7 to 16 ranges high, each point displaced by N(0, noise) ranges.

    A shape between lines has `touches` points on the two of them together.
    """
    height = float(rng.uniform(*HEIGHTS))
    if name in LINES:
        prices, least, last = _lines(rng, name, height, touches)
    else:
        make, sides = OTHERS.get(name) or (REVERSALS[MIRRORED.get(name, name)][1], (-1.0 if name in MIRRORED else 1.0,))
        shape, least, last = make(rng)
        side = sides[0] if len(sides) == 1 else float(rng.choice(sides))
        prices = [side * height * price for price in shape]
    moved = [prices[0], *(price + float(rng.normal(0, noise)) for price in prices[1:-1]), prices[-1]]
    return Outline(name, tuple(moved), tuple(least), last)


def _lines(rng: Rng, name: str, height: float, touches: int) -> tuple[list[float], list[int], int]:
    """Return touches of the upper and the lower line by turns, and a way out beyond one of them."""
    upper0, upper1, lower0, lower1 = LINES[name]
    starts_high = rng.random() < 0.5
    prices: list[float] = []
    for touch in range(touches):
        way = touch / (touches - 1)
        is_high = (touch % 2 == 0) == starts_high
        one, other = (upper0, upper1) if is_high else (lower0, lower1)
        prices.append(height * (one + (other - one) * way))
    outside = height * (-0.7 if starts_high else 1.7)
    # The last leg goes on through the line that the touch before the last was on.
    is_up = (touches % 2 == 0) == starts_high
    out = prices[-1] + (1 if is_up else -1) * (height * 0.9 + 5.0)
    return [outside, *prices, out], [6, *[round(height / SLOPE)] * (touches - 1), 6], touches
