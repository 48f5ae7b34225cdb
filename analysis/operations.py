"""The values of an operation from those of its parts: each word of the grammar and the function that it is."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from analysis.arrays import Floats
from analysis.kernels import logic, recent
from analysis.kernels.rolling import exact_sum
from analysis.language.call import Series
from analysis.language.grammar import PRICES
from analysis.language.nodes import Number, Operation
from analysis.language.writing import shown

OF_PARTS: Mapping[str, Callable[..., Floats]] = {
    **{sign: partial(logic.arithmetic, sign) for sign in ("+", "-", "*", "/", "%")},
    **{sign: partial(logic.compared, sign) for sign in ("<", "<=", ">", ">=", "==", "!=")},
    "and": lambda *parts: logic.all_of(parts),
    "or": lambda *parts: logic.any_of(parts),
    "not": logic.negated,
    "negative": np.negative,
    "crossed_above": partial(logic.crossed, above=True),
    "crossed_below": partial(logic.crossed, above=False),
    "bars_since": logic.bars_since,
    "if": recent.chosen,
    "nz": recent.known_or,
    "max": np.maximum,  # unknown where either is
    "min": np.minimum,
    "abs": np.abs,
    "log": recent.logarithm,
    "sqrt": recent.root,
}
OF_PARTS_AND_BARS: Mapping[str, Callable[..., Floats]] = {
    "ago": logic.lag,
    "highest": partial(logic.extreme, highest=True),
    "lowest": partial(logic.extreme, highest=False),
    "sum": exact_sum,
    "change": lambda values, bars: logic.arithmetic("-", values, logic.lag(values, bars)),
    "percent_change": recent.percent_change,
    "rising": recent.beyond_all,
    "falling": lambda values, bars: recent.beyond_all(-values, bars),
    "within": logic.within,
    "count": logic.count,
    "valuewhen": recent.value_when,
}


def operated(node: Operation, parts: list[Floats]) -> Floats:
    """Return the column of an operation on the columns of its parts."""
    if node.name in OF_PARTS:
        return OF_PARTS[node.name](*parts)
    return OF_PARTS_AND_BARS[node.name](*parts, node.bars)


def is_always_known(node: Operation) -> bool:
    """Return whether the operation has a value wherever the part that stands in for an unknown one is a number."""
    return node.name == "nz" and isinstance(node.parts[1], Number)


def remark(node: Operation) -> dict[str, str] | None:
    """Return a note on what may be meant otherwise: the larger of a price and a number that looks like a period."""
    if node.name not in ("max", "min"):
        return None
    prices = [part for part in node.parts if isinstance(part, Series) and part.name in PRICES]
    numbers = [part for part in node.parts if isinstance(part, Number) and part.value >= 1 and part.value.is_integer()]
    if not prices or not numbers:
        return None
    word, size = ("highest", "larger") if node.name == "max" else ("lowest", "smaller")
    meant = f"{word}({prices[0].name}, {shown(numbers[0])})"
    detail = f"{shown(node)} is the {size} of a price and a number; over the last bars it is {meant}."
    return {"code": "price_and_number", "detail": detail}
