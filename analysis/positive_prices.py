"""Which of a plan's entries cannot be computed on prices that are not above zero."""

from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from analysis.bars import PRICES, Bars
from analysis.catalog import registry
from analysis.errors import PricesNotPositive
from analysis.language.call import Call, Series
from analysis.language.grammar import HANDED
from analysis.language.handed import asked_of
from analysis.language.part import each_once
from analysis.plan import Plan

OF_PRICE = frozenset((*PRICES, "hl2", "hlc3", "ohlc4", "benchmark"))


def refuse_what_needs_them(plan: Plan, bars: Bars, benchmark: Bars | None = None) -> None:
    """Raise PricesNotPositive with every entry of the plan that needs prices above zero where there are others.

    An entry that works on another one's values is not asked: what these are is not the bars' business.
    """
    other = bars if not bars.is_positive else benchmark
    if other is None or other.is_positive:
        return
    entries = [name for name in _needing(plan) if other is bars or "benchmark" in registry.get(name).inputs]
    if other is bars:
        entries += sorted({word for word, *_ in map(asked_of, plan.handed) if HANDED[word].is_of_prices})
    if entries:
        refuse(entries, other, "" if other is bars else "the benchmark's ")


def refuse(entries: Sequence[str], bars: Bars, whose: str = "") -> NoReturn:
    """Raise PricesNotPositive for these entries, with the first of the bars that is not above zero."""
    at = int(np.flatnonzero(bars.low <= 0.0)[0])
    moment = np.datetime_as_string(bars.time[at].astype("datetime64[ns]"), unit="s")
    raise PricesNotPositive(entries, f"{whose}low is {bars.low[at]:g} at {moment}Z")


def _needing(plan: Plan) -> list[str]:
    nodes = [part for item in plan.items for part in each_once(item.node) if isinstance(part, Call)]
    return list(dict.fromkeys(call.entry for call in nodes if call.spec.is_of_positive_prices and _is_of_price(call)))


def _is_of_price(call: Call) -> bool:
    own = {call.source.name} if isinstance(call.source, Series) else set()
    return call.spec.kind == "pattern" or not OF_PRICE.isdisjoint({*call.spec.inputs, *own})
