"""What entries say of other programs' conventions, held against those worked out in plain Python."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.shipped import demo


@pytest.fixture(scope="module")
def bars() -> Bars:
    return demo("AAPL", 400)


def column(bars: Bars, text: str) -> Floats:
    return next(iter(run(Plan.parse([text]), bars, now_ns=LATER_NS).columns.values()))


def test_tradingviews_cloud_of_26_is_a_displacement_of_25(bars: Bars) -> None:
    """`plot(leadLine1, offset = displacement - 1)`: under a bar is what was computed 25 bars before."""
    under, computed = column(bars, "ichimoku(displacement=25).span_a"), column(bars, "ichimoku.lead_a")
    assert np.array_equal(under[-200:], computed[-225:-25])


def test_the_centred_detrended_price_is_another_value(bars: Bars) -> None:
    close, ago = bars.close, 21 // 2 + 1
    means = np.array([close[at - 20 : at + 1].mean() for at in range(20, len(close))])
    centred = close[20 - ago : len(close) - ago] - means
    causal = column(bars, "detrended_price(21)")
    assert causal[-100:] == pytest.approx(close[-100:] - means[-100 - ago : -ago])
    assert not np.isclose(causal[-200 : -200 + 100], centred[-200 + ago : -200 + ago + 100]).all()


def test_lazybears_squeeze_is_one_of_one_and_a_half_deviations(bars: Bars) -> None:
    """In his script `dev = multKC * stdev(source, length)`: both widths have the channel's 1.5."""
    lazybear = squeezed(bars, 1.5)
    carter = squeezed(bars, 2.0)
    assert np.array_equal(column(bars, "squeeze(deviations=1.5).on")[60:], lazybear[60:])
    assert np.array_equal(column(bars, "squeeze.on")[60:], carter[60:])
    assert not np.array_equal(lazybear[60:], carter[60:])


def squeezed(bars: Bars, deviations: float) -> Floats:
    before = np.concatenate((bars.close[:1], bars.close[:-1]))
    ranges = np.maximum(bars.high, before) - np.minimum(bars.low, before)
    found = np.full(len(bars), np.nan)
    for at in range(20, len(bars)):
        window = slice(at - 19, at + 1)
        found[at] = float(deviations * bars.close[window].std() < 1.5 * ranges[window].mean())
    return found


def test_williams_r_and_its_like_never_leave_their_range() -> None:
    rng = np.random.default_rng(3)
    close = np.exp(np.cumsum(rng.normal(0, 1, 20_000)) % 6)
    high, low = close, close / 3  # 100 × a / a is 100.00000000000001 for one of twenty
    time = np.arange(20_000, dtype=np.int64) * 86_400_000_000_000
    bars = Bars(time=time, open=close, high=high, low=low, close=close, timeframe="1d")
    for text, least, most in (
        ("williams_r(5)", -100, 0),
        ("stochastic_fast(5).k", 0, 100),
        ("stochastic(5).k", 0, 100),
    ):
        values = column(bars, text)
        assert np.nanmin(values) >= least
        assert np.nanmax(values) <= most
