"""Technical ratings against a slow re-derivation from the published rules, and each component's edge by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis.bars import Bars
from analysis.kernels.ratings import Oscillators, average_votes, cloud_votes, oscillator_votes, tally
from analysis.validation import series
from tests.analysis.oracles import plain_ratings as plain
from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.shipped import demo

NONE = float("nan")
PERIODS = (10, 20, 30, 50, 100, 200)
NAMES = ("rsi", "stochastic", "cci", "adx", "awesome", "momentum", "macd", "stochastic_rsi", "williams", "power", "uo")


def averages_of(bars: Bars) -> list[list[float | None]]:
    """Return each average's votes from the table: 1 where it is below the close, −1 where above."""
    high, low, close, volume = (getattr(bars, name).tolist() for name in ("high", "low", "close", "volume"))
    count = len(close)
    columns = [plain.each(count, lambda at, n=n: plain.mean(close, n, at)) for n in PERIODS]
    columns += [plain.ema(close, n) for n in PERIODS] + [plain.hull(close, 9)]
    money = [c * v for c, v in zip(close, volume, strict=True)]
    columns.append(
        plain.each(
            count,
            lambda at: (
                plain.mean(money, 20, at) / plain.mean(volume, 20, at)
                if at >= 19 and plain.mean(volume, 20, at)
                else None
            ),
        )
    )
    votes = [[None if m is None else (c > m) - (c < m) for c, m in zip(close, col, strict=True)] for col in columns]
    conversion, base, second = (plain.middle(high, low, n) for n in (9, 26, 52))
    first = [None if b is None else (a + b) / 2 for a, b in zip(conversion, base, strict=True)]
    cloud: list[float | None] = [None] * count
    for at in range(77, count):
        a, b, line, turn, now = first[at - 26], second[at - 26], base[at], conversion[at], close[at]
        cloud[at] = int(a > b and line > a and turn > line and now > turn)
        cloud[at] -= int(a < b and line < a and turn < line and now < turn)
    return [*votes, cloud]


def oscillators_of(bars: Bars) -> list[list[float | None]]:
    """Return each oscillator's votes from the table, in its order."""
    high, low, close = (getattr(bars, name).tolist() for name in ("high", "low", "close"))
    count = len(close)
    trend = plain.ema(close, 50)
    rsi, cci = plain.rsi(close, 14), plain.cci(close, 20)
    place = plain.place(high, low, close, 14)
    k = plain.each(count, lambda at: plain.mean(place, 3, at))
    d = plain.each(count, lambda at: plain.mean(k, 3, at))
    inner = plain.place(rsi, rsi, rsi, 14)
    rk = plain.each(count, lambda at: plain.mean(inner, 3, at))
    rd = plain.each(count, lambda at: plain.mean(rk, 3, at))
    adx, plus, minus = plain.directional(high, low, close, 14)
    half = [(top + bottom) / 2 for top, bottom in zip(high, low, strict=True)]
    ao = plain.each(count, lambda at: plain.mean(half, 5, at) - plain.mean(half, 34, at) if at >= 33 else None)
    momentum = plain.each(count, lambda at: close[at] - close[at - 10] if at >= 10 else None)
    fast, slow = plain.ema(close, 12), plain.ema(close, 26)
    macd = [None if s is None else f - s for f, s in zip(fast, slow, strict=True)]
    signal = plain.ema(macd, 9)
    around = plain.ema(close, 13)
    uo = plain.ultimate(high, low, close)

    def known(at: int, back: int, *columns: list) -> bool:
        return at >= back and all(column[at - ago] is not None for column in columns for ago in range(back + 1))

    def is_up(i: int) -> bool:
        return close[i] > trend[i]

    def is_down(i: int) -> bool:
        return close[i] < trend[i]

    # fmt: off
    rules = (
        (lambda i: known(i, 1, rsi), lambda i: rsi[i] < 30 and rsi[i] > rsi[i - 1],
             lambda i: rsi[i] > 70 and rsi[i] < rsi[i - 1]),
        (lambda i: known(i, 0, k, d), lambda i: k[i] < 20 and d[i] < 20 and k[i] > d[i],
             lambda i: k[i] > 80 and d[i] > 80 and k[i] < d[i]),
        (lambda i: known(i, 1, cci), lambda i: cci[i] < -100 and cci[i] > cci[i - 1],
             lambda i: cci[i] > 100 and cci[i] < cci[i - 1]),
        (lambda i: known(i, 1, adx), lambda i: adx[i] > 20 and adx[i] > adx[i - 1] and plus[i] > minus[i],
             lambda i: adx[i] > 20 and adx[i] > adx[i - 1] and plus[i] < minus[i]),
        (lambda i: known(i, 2, ao), lambda i: (ao[i] > 0 >= ao[i - 1])
             or (ao[i] > 0 and ao[i - 1] > 0 and ao[i] > ao[i - 1] and ao[i - 2] > ao[i - 1]),
             lambda i: (ao[i] < 0 <= ao[i - 1])
             or (ao[i] < 0 and ao[i - 1] < 0 and ao[i] < ao[i - 1] and ao[i - 2] < ao[i - 1])),
        (lambda i: known(i, 1, momentum), lambda i: momentum[i] > momentum[i - 1],
             lambda i: momentum[i] < momentum[i - 1]),
        (lambda i: known(i, 0, signal), lambda i: macd[i] > signal[i], lambda i: macd[i] < signal[i]),
        (lambda i: known(i, 0, rk, rd, trend), lambda i: is_down(i) and rk[i] < 20 and rd[i] < 20 and rk[i] > rd[i],
             lambda i: is_up(i) and rk[i] > 80 and rd[i] > 80 and rk[i] < rd[i]),
        (lambda i: known(i, 1, place), lambda i: place[i] < 20 and place[i] > place[i - 1],
             lambda i: place[i] > 80 and place[i] < place[i - 1]),
        (lambda i: known(i, 1, around) and known(i, 0, trend),
             lambda i: is_up(i) and low[i] < around[i] and low[i] - around[i] > low[i - 1] - around[i - 1],
             lambda i: is_down(i) and high[i] > around[i] and high[i] - around[i] < high[i - 1] - around[i - 1]),
        (lambda i: known(i, 0, uo), lambda i: uo[i] > 70, lambda i: uo[i] < 30),
    )
    # fmt: on
    return [[int(up(i)) - int(down(i)) if is_known(i) else None for i in range(count)] for is_known, up, down in rules]


def derived(symbol: str, first: int) -> Source:
    """The published rules, in plain Python, on a shipped series; known once n bars have passed."""

    def load(_folder: object) -> Expected:
        bars = demo(symbol, 420)
        groups = averages_of(bars), oscillators_of(bars)
        columns: dict[str, list[float]] = {
            name: [] for name in ("rating", "ma_rating", "oscillator_rating", "ma_count", "oscillator_count", "label")
        }
        for at in range(len(bars)):
            votes = [[row[at] for row in rows if row[at] is not None] for rows in groups]
            means = [sum(some) / len(some) if some else 0.0 for some in votes]
            rating = (means[0] + means[1]) / 2
            size = (abs(rating) > 0.1 + 1e-9) + (abs(rating) > 0.5 + 1e-9)
            label = size * ((rating > 0) - (rating < 0))
            for name, value in zip(columns, (rating, *means, len(votes[0]), len(votes[1]), label), strict=True):
                columns[name].append(value if at >= first else NONE)
        return Expected(bars, {name: np.array(values, float) for name, values in columns.items()}, 1e-12)

    second = "TradingView's help, 43000614331, but for a sell by ADX"
    return Source(f"published rules, re-derived, and {second}", load, is_independent=False)


CASES = [
    case("technical_ratings", derived("AAPL", 49)),
    case("technical_ratings", derived("SPX", 11), min_averages=1, min_oscillators=1),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_ratings_agree_with_the_published_rules(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


STILL = dict.fromkeys(Oscillators._fields, (0.0, 0.0, 0.0)) | {
    "rsi": (50, 50, 50),
    "k": (50, 50, 50),
    "d": (50, 50, 50),
    "rsi_k": (50, 50, 50),
    "rsi_d": (50, 50, 50),
    "williams": (-50, -50, -50),
    "ultimate": (50, 50, 50),
}
# Component, its last three values, close against trend (100), the vote by the table.
EDGES = [
    ("rsi", {"rsi": (0, 28, 29)}, 0, 1),
    ("rsi", {"rsi": (0, 29, 30)}, 0, 0),
    ("rsi", {"rsi": (0, 29, 29)}, 0, 0),
    ("rsi", {"rsi": (0, 72, 71)}, 0, -1),
    ("rsi", {"rsi": (0, 71, 70)}, 0, 0),
    ("rsi", {"rsi": (0, NONE, 29)}, 0, None),
    ("stochastic", {"k": (0, 0, 19), "d": (0, 0, 18)}, 0, 1),
    ("stochastic", {"k": (0, 0, 20), "d": (0, 0, 18)}, 0, 0),
    ("stochastic", {"k": (0, 0, 18), "d": (0, 0, 18)}, 0, 0),
    ("stochastic", {"k": (0, 0, 81), "d": (0, 0, 82)}, 0, -1),
    ("stochastic", {"k": (0, 0, 80), "d": (0, 0, 82)}, 0, 0),
    ("cci", {"cci": (0, -120, -101)}, 0, 1),
    ("cci", {"cci": (0, -120, -100)}, 0, 0),
    ("cci", {"cci": (0, 120, 101)}, 0, -1),
    ("cci", {"cci": (0, 101, 120)}, 0, 0),
    ("adx", {"adx": (0, 20, 21), "plus": (0, 0, 30), "minus": (0, 0, 20)}, 0, 1),
    ("adx", {"adx": (0, 20, 21), "plus": (0, 0, 20), "minus": (0, 0, 30)}, 0, -1),
    ("adx", {"adx": (0, 22, 21), "plus": (0, 0, 20), "minus": (0, 0, 30)}, 0, 0),
    ("adx", {"adx": (0, 19, 20), "plus": (0, 0, 30), "minus": (0, 0, 20)}, 0, 0),
    ("awesome", {"awesome": (-2, -1, 1)}, 0, 1),
    ("awesome", {"awesome": (-2, 0, 1)}, 0, 1),
    ("awesome", {"awesome": (3, 2, 3)}, 0, 1),
    ("awesome", {"awesome": (1, 2, 3)}, 0, 0),
    ("awesome", {"awesome": (2, 1, -1)}, 0, -1),
    ("awesome", {"awesome": (-3, -2, -3)}, 0, -1),
    ("awesome", {"awesome": (-1, -2, -3)}, 0, 0),
    ("awesome", {"awesome": (NONE, -1, 1)}, 0, None),
    ("momentum", {"momentum": (0, -2, -1)}, 0, 1),
    ("momentum", {"momentum": (0, 2, 1)}, 0, -1),
    ("momentum", {"momentum": (0, 2, 2)}, 0, 0),
    ("macd", {"macd": (0, 0, -1), "signal": (0, 0, -2)}, 0, 1),
    ("macd", {"macd": (0, 0, 1), "signal": (0, 0, 2)}, 0, -1),
    ("macd", {"macd": (0, 0, 1), "signal": (0, 0, NONE)}, 0, None),
    ("stochastic_rsi", {"rsi_k": (0, 0, 19), "rsi_d": (0, 0, 18)}, -1, 1),
    ("stochastic_rsi", {"rsi_k": (0, 0, 19), "rsi_d": (0, 0, 18)}, 1, 0),
    ("stochastic_rsi", {"rsi_k": (0, 0, 81), "rsi_d": (0, 0, 82)}, 1, -1),
    ("stochastic_rsi", {"rsi_k": (0, 0, 81), "rsi_d": (0, 0, 82)}, -1, 0),
    ("williams", {"williams": (0, -90, -81)}, 0, 1),
    ("williams", {"williams": (0, -90, -80)}, 0, 0),
    ("williams", {"williams": (0, -10, -19)}, 0, -1),
    ("williams", {"williams": (0, -10, -20)}, 0, 0),
    ("power", {"bear": (0, -2, -1)}, 1, 1),
    ("power", {"bear": (0, -2, -1)}, -1, 0),
    ("power", {"bear": (0, -1, 0)}, 1, 0),
    ("power", {"bull": (0, 2, 1)}, -1, -1),
    ("power", {"bull": (0, 2, 1)}, 1, 0),
    ("uo", {"ultimate": (0, 0, 71)}, 0, 1),
    ("uo", {"ultimate": (0, 0, 70)}, 0, 0),
    ("uo", {"ultimate": (0, 0, 29)}, 0, -1),
]


@pytest.mark.parametrize(("component", "given", "side", "vote"), EDGES)
def test_an_oscillator_votes_as_the_table_says_at_its_edges(
    component: str, given: dict[str, tuple[float, ...]], side: int, vote: float | None
) -> None:
    columns = {name: np.array(values, float) for name, values in {**STILL, **given}.items()}
    close = np.full(3, 100.0 + side)
    votes = oscillator_votes(Oscillators(**columns), close, np.full(3, 100.0))[:, -1]
    mine = votes[NAMES.index(component)]
    assert np.isnan(mine) if vote is None else mine == vote
    others = [one for name, one in zip(NAMES, votes, strict=True) if name != component]
    assert not np.any(others), "the others stay neutral"


def test_an_average_votes_by_the_side_that_price_is_on() -> None:
    close = np.array([100.0, 100.0, 100.0, 100.0])
    hull, other = np.array([99.0, 101.0, 100.0 + 1e-12, NONE]), np.full(4, NONE)
    votes = average_votes(close, (2,), hull, other, other)
    assert votes[2, :3].tolist() == [1, -1, 0]
    assert np.isnan(votes[2, 3])
    assert np.isnan(votes[3:]).all()
    assert np.isnan(votes[:2, 0]).all()
    assert not votes[:2, 1:].any(), "both averages of two closes are the close"


@pytest.mark.parametrize(
    ("close", "conversion", "base", "first", "second", "vote"),
    [(5, 4, 3, 2, 1, 1), (1, 2, 3, 4, 5, -1), (4, 4, 3, 2, 1, 0), (5, 4, 3, 1, 2, 0), (5, 3, 4, 2, 1, 0)],
)
def test_ichimoku_votes_when_all_its_lines_are_in_order(
    close: float, conversion: float, base: float, first: float, second: float, vote: float
) -> None:
    """The spans of 26 bars ago decide, not those of now."""
    lines = [np.full(27, float(value)) for value in (close, conversion, base)]
    spans = [np.array([value] + [NONE] * 26, float) for value in (first, second)]
    votes = cloud_votes(*lines, *spans)
    assert votes[26] == vote
    assert np.isnan(votes[:26]).all()


def test_an_unknown_vote_is_left_out_of_mean_and_count() -> None:
    means, counts = tally(np.array([[1, NONE], [0, NONE], [NONE, NONE]]))
    assert means.tolist() == [0.5, 0.0]
    assert counts.tolist() == [2, 0]


def test_without_volume_one_average_is_missing() -> None:
    from analysis import Plan, run

    bars = demo("AAPL", 300)
    with_volume = run(Plan.parse(["technical_ratings"]), bars)["technical_ratings.ma_count"]
    without = run(Plan.parse(["technical_ratings"]), series.changed(bars, volume=None))["technical_ratings.ma_count"]
    assert (with_volume[-1], without[-1]) == (15, 14)
