"""`make bench-charts`: what a picture of 600 bars takes to describe and to draw, in CPU time, and how large it is."""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

import charts
from analysis import Bars, Plan, run
from market.demo_series import demo_bars, demo_symbols

CASES = {
    "no pane": ("sma(20)",),
    "five panes": ("sma(20)", "rsi", "macd", "obv", "stochastic", "atr"),
    "patterns": ("patterns",),
    "levels": ("levels",),
}
LATER_NS = 4_102_444_800_000_000_000  # 2100: every bar is over
ROUNDS = 15


def milliseconds(call: Callable[[], object]) -> float:
    """Return the median CPU time of a call."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        call()
        spent.append((time.process_time() - began) * 1_000)
    return median(spent)


def described(bars: Bars, analyses: tuple[str, ...]) -> Callable[[], charts.Chart]:
    """Return what describes the last 600 bars with the result of these analyses."""
    plan = Plan.parse(list(analyses))
    result = run(plan, bars, output="all", now_ns=LATER_NS)
    return partial(
        charts.compose,
        bars,
        plan=plan,
        columns=result.columns,
        times_ms=result.time // 1_000_000,
        events=[event.to_dict() for event in result.events],
        last=600,
    )


def main() -> None:
    """Print a row for each case."""
    bars = demo_bars(demo_symbols()[0])
    print(f"{'600 bars with':<14}{'describe ms':>12}{'draw ms':>10}{'kB':>8}")
    for name, analyses in CASES.items():
        describe = described(bars, analyses)
        draw = partial(charts.draw, describe())
        size = len(draw().encode()) / 1_000
        print(f"{name:<14}{milliseconds(describe):>12.1f}{milliseconds(draw):>10.1f}{size:>8.0f}")


if __name__ == "__main__":
    main()
