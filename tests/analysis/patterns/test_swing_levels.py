"""The nearest level that stands: known with its third touch, gone when a close has broken it."""

import numpy as np

from analysis import Plan, run
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.synthetic.paths import Outline, bars_of, drawn, walk
from tests.analysis.patterns.test_levels import LEAST, RESISTED

PLAN = Plan.parse(["swing_levels", "resistance", "level_breakout"])


def test_it_stands_from_its_third_touch_to_its_breakout() -> None:
    rng = np.random.default_rng(1)
    before = walk(rng, 60, 0.0)
    shape, turns = drawn(rng, Outline("drawn", tuple(RESISTED), tuple(LEAST), 9), float(before[-1, 3]))
    bars = bars_of([before, shape])
    result = run(PLAN, bars, now_ns=LATER_NS)
    level, touches = result["swing_levels.resistance"], result["swing_levels.resistance_touches"]
    third = 60 + turns[4]
    broken = next(event.bar for event in result.events if event.name == "level_breakout" and event.bar > third)
    outermost = max(bars.high[60 + turns[place]] for place in (0, 2, 4))
    assert np.isnan(level[third + 4])
    standing = np.arange(third + 5, broken)
    standing = standing[bars.close[standing] <= outermost]
    assert len(standing) > 15
    assert (level[standing] == outermost).all()
    assert (touches[standing] == 3).all()
    assert not (level[broken:] == outermost).any()


def test_support_lies_below_the_close_and_resistance_above() -> None:
    rng = np.random.default_rng(3)
    bars = bars_of([walk(rng, 4_000, 0.0)])
    result = run(Plan.parse(["swing_levels"]), bars, now_ns=LATER_NS)
    below, above = result["swing_levels.support"], result["swing_levels.resistance"]
    assert np.count_nonzero(~np.isnan(below)) > 500
    assert not (below > bars.close).any()
    assert not (above < bars.close).any()
    assert (np.isnan(below) == np.isnan(result["swing_levels.support_touches"])).all()
    assert np.nanmin(result["swing_levels.support_touches"]) >= 3
