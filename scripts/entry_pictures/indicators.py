"""The picture of an indicator: its columns with the defaults, on bars that ship with the project."""

from functools import cache

import numpy as np

import charts
from analysis import Bars, Plan, run
from analysis.catalog import registry
from charts.lanes import HEIGHT as LANE
from charts.layout import AXIS, GAP, NOTE, TOP
from market.demo_series import demo_bars
from scripts.entry_pictures.intraday import half_hours

WIDTH, PRICE, PANE = 640, 200.0, 72.0
SYMBOL, BENCHMARK = "MSFT", "SPX"
SHOWN, BEFORE = 80, 1_100  # bars in the picture, and bars before it that are computed on
END = "2012-11-05"  # after a rise and a fall, with levels on both sides
# What is silent on most bars, where it is not.
ELSEWHERE = {"market_phase": ("SPX", "2015-02-09")}
# A price weighted by volume begins again with each session: of daily bars it would be each bar's own price.
OF_SESSIONS = ("anchored_vwap", "vwap", "vwap_bands")


def picture(name: str) -> str:
    """Return the SVG of an indicator by its name."""
    made = chart(name)
    return charts.draw(made, width=WIDTH, height=_height(made))


def chart(name: str) -> charts.Chart:
    """Return the description of the picture: the last bars with all columns of the entry."""
    entry = registry.get(name)
    symbol, end = ELSEWHERE.get(name, (SYMBOL, END))
    bars = half_hours() if name in OF_SESSIONS else _daily(symbol, end)
    benchmark = _daily(BENCHMARK, end) if "benchmark" in entry.inputs else None
    plan = Plan.parse([analysis(name)])
    result = run(plan, bars, benchmark=benchmark, output="all", now_ns=int(bars.time[-1]) + 10**15)
    shown = bars if "volume" in entry.inputs else without_volume(bars)
    made = charts.compose(
        shown,
        plan=plan,
        columns=result.columns,
        times_ms=result.time // 1_000_000,
        last=SHOWN,
        title=bars.symbol,
    )
    made.notes = []
    return made


def analysis(name: str) -> str:
    """Return what to ask for: a name that is that of a group too needs its brackets."""
    entry = registry.get(name)
    groups = {one.category for one in registry.catalog()}
    return f"{name}({entry.params[0].name}={entry.params[0].default})" if name in groups else name


def without_volume(bars: Bars) -> Bars:
    """Return the bars without the column that would draw a third of the picture."""
    prices = {name: getattr(bars, name) for name in ("open", "high", "low", "close")}
    return Bars(time=bars.time, timeframe=bars.timeframe, symbol=bars.symbol, **prices)


@cache
def _daily(symbol: str, end: str) -> Bars:
    bars = demo_bars(symbol)
    stop = int(np.searchsorted(bars.time, np.datetime64(end, "ns").astype(np.int64)))
    return bars.slice(max(0, stop - BEFORE - SHOWN), stop)


def _height(made: charts.Chart) -> int:
    below = len(made.panes) * (PANE + GAP) + len(made.lanes) * LANE
    return round(TOP + PRICE + below + AXIS + NOTE + 6)
