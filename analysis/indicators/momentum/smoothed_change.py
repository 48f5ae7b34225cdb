"""Rates of change, averaged and added up."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.averages import running_exponential
from analysis.kernels.convergence import ema_converged
from analysis.kernels.jit import fused, jit
from analysis.kernels.rate_of_change import add_mean_change, percent_change
from analysis.kernels.rolling import exponential, mean, weighted

ZERO = "A change from zero counts as none."


@entry(
    "kst",
    title="Know sure thing",
    category="momentum",
    aliases=("know_sure_thing",),
    params=(
        integer("roc_1", 10),
        integer("roc_2", 15),
        integer("roc_3", 20),
        integer("roc_4", 30),
        integer("average_1", 10),
        integer("average_2", 10),
        integer("average_3", 10),
        integer("average_4", 15),
        integer("signal_period", 9),
    ),
    outputs=(
        Output("kst", "percent", constant_value=0.0, settled_value=0.0),
        Output("signal", "percent", constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: (
        max(int(p[f"roc_{at}"]) + int(p[f"average_{at}"]) for at in (1, 2, 3, 4)) + int(p["signal_period"]) - 2
    ),
    history="window",
    source="Pring, Stocks & Commodities 10:9 (1992); TradingView's KST.",
    notes=ZERO,
    cost_us=22,
    needs_positive_prices=True,
)
def kst(
    source: Floats,
    /,
    *,
    roc_1: int,
    roc_2: int,
    roc_3: int,
    roc_4: int,
    average_1: int,
    average_2: int,
    average_3: int,
    average_4: int,
    signal_period: int,
) -> tuple[Floats, Floats]:
    """Return four averaged rates of change added up with weights 1 to 4, and the average of that."""
    spans = ((roc_1, average_1), (roc_2, average_2), (roc_3, average_3), (roc_4, average_4))
    first = max(span + period for span, period in spans) - 1
    line = np.zeros(len(source) - first)
    for weight, (span, period) in enumerate(spans, start=1):
        jit[add_mean_change](source, span, period, weight, line)
    lines = np.full((2, len(source)), np.nan)
    begin = signal_period - 1
    lines[0, first + begin :] = line[begin:]
    lines[1, first + begin :] = mean(line, signal_period)[begin:]
    return lines[0], lines[1]


@entry(
    "coppock",
    title="Coppock curve",
    category="momentum",
    aliases=("coppock_curve",),
    params=(integer("long_roc", 14), integer("short_roc", 11), integer("period", 10)),
    outputs=(Output("value", "percent", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: max(int(p["long_roc"]), int(p["short_roc"])) + int(p["period"]) - 1,
    history="window",
    source="Coppock, Barron's (October 1962), of monthly bars; TradingView's 14, 11 and a weighted average of 10.",
    notes=ZERO,
    cost_us=9,
    needs_positive_prices=True,
)
def coppock(source: Floats, /, *, long_roc: int, short_roc: int, period: int) -> Floats:
    """Return the weighted average of the sum of two rates of change."""
    longest = max(long_roc, short_roc)
    both = sum(percent_change(source, span)[longest - span :] for span in (long_roc, short_roc))
    values = np.full(len(source), np.nan)
    values[longest:] = weighted(np.asarray(both), period)
    return values


@entry(
    "pmo",
    title="Price momentum oscillator",
    category="momentum",
    aliases=("price_momentum_oscillator", "decisionpoint_pmo"),
    params=(integer("first_period", 35, 2), integer("second_period", 20, 2), integer("signal_period", 10, 1)),
    outputs=(
        Output("pmo", "percent", constant_value=0.0, settled_value=0.0),
        Output("signal", "percent", constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: sum(int(value) for value in p.values()) - 2,
    history="converging",
    converged_after=lambda p: sum(ema_converged(int(value)) for value in p.values()),
    source="Swenlin, DecisionPoint; StockCharts ChartSchool, DecisionPoint Price Momentum Oscillator, 35, 20, 10.",
    notes=f"Its two averages weigh the new value 2/n, not 2/(n + 1); each is seeded with the mean of n values. {ZERO}",
    cost_us=16,
    needs_positive_prices=True,
)
def pmo(source: Floats, /, *, first_period: int, second_period: int, signal_period: int) -> tuple[Floats, Floats]:
    """Return ten times the change in percent, smoothed twice, and its exponential average."""
    smooth = fused[running_exponential]
    change = percent_change(source, 1)
    line, signal = np.empty(len(source)), np.empty(len(source))
    line[1:] = smooth(10 * smooth(change, first_period, 2 / first_period), second_period, 2 / second_period)
    signal[1:] = exponential(line[1:], signal_period)
    first = first_period + second_period + signal_period - 2
    line[:first] = np.nan
    signal[:first] = np.nan
    return line, signal
