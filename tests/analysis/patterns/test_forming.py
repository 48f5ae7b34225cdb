"""Patterns still open: told only when asked for, apart from the events, with where D is expected."""

import numpy as np

from analysis import Plan, codec, run
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.synthetic.harmonics import outline
from analysis.validation.synthetic.paths import bars_of, drawn, walk

GARTLEY = [30, 30 * 0.618, 30 * 0.309, 30 * 0.477]
PLAN = Plan.parse(["harmonic"])


def gartley(bars_after_c: int) -> tuple[list, list[int], float]:  # type: ignore[type-arg]
    """Return what is forming n bars after C of a bullish Gartley, the bars of X, A, B, C, and D's price."""
    rng = np.random.default_rng(1)
    before = walk(rng, 40, 0.0)
    shape, turns = drawn(rng, outline("gartley", GARTLEY, 1), float(before[-1, 3]))
    bars = bars_of([before, shape])
    c = 40 + turns[3]
    result = run(PLAN, bars[: c + bars_after_c + 1], now_ns=LATER_NS, forming=True)
    assert result.forming is not None
    return result.forming, [40 + turn for turn in turns[:4]], float(bars.low[40 + turns[4]])


def test_a_gartley_is_forming_once_c_is_known_and_d_lies_in_its_zone() -> None:
    events, turns, d = gartley(8)
    (mine,) = [event for event in events if event.name == "gartley"]
    assert [point.bar for point in mine.points] == turns
    assert [point.label for point in mine.points] == ["X", "A", "B", "C"]
    assert mine.side == "bullish"
    assert mine.prz is not None
    assert mine.prz[0] <= d <= mine.prz[1]
    assert [entry.status for entry in mine.history] == ["forming"]
    assert mine.score > 0.95


def test_it_is_gone_when_price_has_passed_the_zone() -> None:
    rng = np.random.default_rng(1)
    before = walk(rng, 40, 0.0)
    deeper = [*GARTLEY[:3], 45]
    shape, turns = drawn(rng, outline("gartley", deeper, 1), float(before[-1, 3]))
    bars = bars_of([before, shape])[: 40 + turns[4] + 1]
    events = run(PLAN, bars, now_ns=LATER_NS, forming=True).forming or []
    assert "gartley" not in [event.name for event in events]


def test_nothing_is_told_unless_asked_for_and_events_stay_the_same() -> None:
    bars = series.rough(1_500)
    without, with_it = (run(PLAN, bars, now_ns=LATER_NS, forming=one) for one in (False, True))
    assert without.forming is None
    assert "forming" not in without.to_dict()
    assert with_it.events == without.events
    assert isinstance(with_it.to_dict()["forming"], list)


def test_it_is_kept_with_the_result() -> None:
    found = 0
    for seed in range(30):
        result = run(PLAN, series.walk(600, seed), now_ns=LATER_NS, forming=True)
        (again,) = codec.unpack(codec.pack([result]))
        assert again.forming == result.forming
        found += len(result.forming or ())
    assert found


def test_an_open_last_bar_decides_nothing() -> None:
    for seed in range(20):
        bars = series.walk(600, seed)
        now_ns = int(bars.time[-1]) + 1
        open_ = run(PLAN, bars, now_ns=now_ns, forming=True)
        closed = run(PLAN, bars[:-1], now_ns=LATER_NS, forming=True)
        assert open_.provisional
        assert open_.forming == closed.forming
