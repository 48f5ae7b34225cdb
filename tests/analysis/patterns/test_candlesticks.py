"""TA-Lib's candlesticks are told by proportions alone, so they are called on prices as they are."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.validation import series

PLAN = Plan.parse(["candlesticks"])


@pytest.mark.parametrize("price", [2.0**-60, 2.0**-27, 2.0**40])
def test_a_candlestick_is_the_same_in_any_currency(price: float) -> None:
    bars = series.rough(700)
    plain, other = run(PLAN, bars).events, run(PLAN, series.scaled(bars, price)).events
    assert [event.stored() for event in plain] == [event.stored() for event in other]
    assert len(plain) > 500


def test_the_last_bars_events_are_those_of_the_whole_run() -> None:
    bars = series.rough(700)
    whole = run(PLAN, bars).events
    last = run(PLAN, bars, output=3).events
    assert [event.id for event in last] == [event.id for event in whole if event.bar >= len(bars) - 3]
    assert all(np.diff([event.confirmed_at for event in whole]) >= 0)
