"""DeMark's sequential: setups as pandas-ta-classic's, countdowns as an npm package's and as the books have them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.arrays import Floats
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.oracles.sources import pandas_ta
from tests.analysis.oracles.stepwise import Lines, stepwise
from tests.analysis.shipped import demo
from tests.bars import DAY_NS, FIRST_NS

# What tdsequential 1.0.15 of npm (MIT) counts on the last 700 bars of AAPL: the bars of each buy countdown. It has no
# rule for the thirteenth, which is bar 250 instead of 243 with it. Its sell countdowns are of other setups, since it
# begins a setup again after every thirteen.
BUY_COUNTDOWNS = (
    (36, 37, 40, 48, 49, 54, 57, 58, 59, 64, 65, 66, 67),
    (217, 219, 220, 221, 222, 224, 225, 226, 229, 230, 236, 237, 243),
    (358, 359, 360, 367, 368, 373, 374, 375, 376, 379, 380, 381, 384),
    (486, 489, 490, 491, 494, 495, 500, 501, 502, 503, 504, 513, 514),
    (601, 602, 603, 606, 611, 615, 616, 617, 619, 620, 622, 623, 624),
    (674, 675, 676, 680, 681, 687, 688, 689, 690, 691, 692, 693, 695),
)


def runs() -> Source:
    """Closes in a row above or below the fourth before, as long as they are no more than nine; 0 where there are none.

    Whether its first run began with a flip is not to be seen.
    """

    def load(folder: Path) -> Expected:
        found = pandas_ta("td_seq", given="close", sell=0, buy=1).load(folder)
        columns = {}
        for name, counts in found.columns.items():
            setup = np.where(np.isnan(counts), 0.0, np.where(counts > 9, np.nan, counts))
            setup[: 4 + int(np.argmax(setup[4:] == 0.0))] = np.nan
            columns[f"{name}_setup"] = setup
        return Expected(found.bars, columns)

    return Source("pandas-ta-classic", load)


def by_the_book() -> Source:
    """Every setup looked for by its nine closes and the flip before them, every countdown counted from it on."""

    def derive(bars: Bars) -> Lines:
        sides = {}
        for side, turned in (("buy", 1.0), ("sell", -1.0)):
            close = [turned * one for one in bars.close.tolist()]
            low = [turned * one for one in (bars.low if side == "buy" else bars.high).tolist()]
            complete = [
                bar
                for bar in range(13, len(close))
                if all(close[one] < close[one - 4] for one in range(bar - 8, bar + 1))
                and close[bar - 9] >= close[bar - 13]
            ]
            sides[side] = (close, low, complete)
        lines: dict[str, list[float | None]] = {}
        for side, other in (("buy", "sell"), ("sell", "buy")):
            close, low, complete = sides[side]
            counted: dict[int, int] = {}
            free = 0
            for start in complete:
                if start < free:
                    continue  # it goes on from the setup before: no recycling
                end = min((bar for bar in sides[other][2] if bar > start), default=len(close))
                found: list[int] = []
                for bar in range(start, end):
                    is_last = len(found) == 12
                    if close[bar] <= low[bar - 2] and not (is_last and low[bar] > close[found[7]]):
                        found.append(bar)
                    if len(found) == 13:
                        end = bar
                        break
                free = end + (len(found) == 13)
                counted.update({bar: place for place, bar in enumerate(found, start=1)})
            lines[f"{side}_countdown"] = [None] * 13 + [counted.get(bar, 0) for bar in range(13, len(close))]
        return lines

    return stepwise(derive)


CASES = [case("sequential", runs()), case("sequential", by_the_book())]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_the_sequential_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def test_buy_countdowns_are_those_of_another_program_but_for_the_rule_of_the_thirteenth() -> None:
    countdown = run(Plan.parse(["sequential"]), demo("AAPL", 700), now_ns=LATER_NS)["sequential.buy_countdown"]
    expected = {bar: place for bars in BUY_COUNTDOWNS for place, bar in enumerate(bars, start=1)}
    expected[250] = expected.pop(243)
    assert {int(bar): int(countdown[bar]) for bar in np.flatnonzero(countdown > 0)} == expected


def fallen(closes: list[float], lows: dict[int, float] | None = None) -> dict[str, Floats]:
    """Return the columns on bars that close at their lows, but for those that reach lower."""
    close = np.array(closes)
    low = close.copy()
    for bar, price in (lows or {}).items():
        low[bar] = price
    time = FIRST_NS + DAY_NS * np.arange(len(close), dtype=np.int64)
    bars = Bars(time=time, open=close, high=close + 0.5, low=low, close=close, timeframe="1d")
    result = run(Plan.parse(["sequential"]), bars, now_ns=LATER_NS)
    names = ("buy_setup", "sell_setup", "buy_countdown", "sell_countdown")
    return {name: result[f"sequential.{name}"] for name in names}


def test_a_thirteenth_bar_waits_for_the_close_of_the_eighth() -> None:
    """Nine closes down from a flip, of which the ninth counts; the last count comes from far above the eighth."""
    closes = [100.0, 100, 100, 100, 101] + [99.0 - step for step in range(20)]  # bars 5 to 24, bar 13 is the ninth
    found = fallen(closes)
    assert found["buy_setup"][5:14].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert found["buy_setup"][14:].max() == 0
    assert found["buy_countdown"][12:25].tolist() == [0, *range(1, 13)]
    eighth = closes[20]
    above = [*closes, eighth + 6, eighth + 6, eighth + 5, eighth + 4, eighth + 3]
    assert fallen(above)["buy_countdown"][25:].max() == 0  # lower than two bars before, and above the eighth
    reached = fallen([*above, eighth + 2], {30: eighth})
    assert reached["buy_countdown"][30] == 13
    assert reached["buy_countdown"][25:30].max() == 0


def test_a_setup_of_the_other_side_ends_a_countdown_and_an_equal_close_ends_a_setup() -> None:
    down = [100.0, 100, 100, 100, 101] + [99.0 - step for step in range(12)]
    up = [*down, *(90.0 + 2 * step for step in range(14)), 80, 79, 78, 77]
    found = fallen(up)
    assert found["buy_countdown"][16] == 4
    assert np.nanmax(found["sell_setup"]) == 9
    assert found["buy_countdown"][17:].max() == 0
    equal = fallen([100.0, 100, 100, 100, 101, 99, 98, 97, 96, 99, 95, 94])
    assert equal["buy_setup"][5:].tolist() == [1, 2, 3, 4, 0, 1, 2]
