"""Lines at a distance from an average, the regression channel and trailing stops: against others."""

from collections.abc import Callable
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.oracles.printed import skender_states
from tests.analysis.oracles.sources import lean, pandas_ta, skender
from tests.analysis.oracles.stepwise import talib
from tests.analysis.shipped import demo

BAR = "high low close"
BANDS = {"upper": "UpperBand", "middle": "MiddleBand", "lower": "LowerBand"}
STARC = {
    "upper": {19: 217.2345, 249: 258.2261, 485: 275.1161, 501: 264.1595},
    "middle": {19: 214.5250, 249: 255.5500, 485: 265.4855, 501: 251.8600},
    "lower": {19: 211.8155, 249: 252.8739, 485: 255.8549, 501: 239.5605},
}
ENVELOPES = {
    "upper": {24: 220.4068, 249: 261.9388, 501: 258.1565},
    "middle": {24: 215.0310, 249: 255.5500, 501: 251.8600},
    "lower": {24: 209.6552, 249: 249.16125, 501: 245.5635},
}
# Bar 282 closes beyond the stop, 54 is the first after the trend that was guessed.
VOLATILITY_STOP = {
    "value": {54: 226.2118, 55: 226.2124, 282: 261.8687, 283: 249.3219, 284: 249.7460, 501: 249.2423},
    "direction": {54: -1, 55: -1, 282: 1, 283: 1, 284: 1, 501: -1},
}


def fitted(period: int) -> Source:
    """Ordinary least squares of statsmodels on the last hundred bars, and the root of its mean squared residual."""

    def load(_folder: Path) -> Expected:
        from statsmodels.api import OLS, add_constant

        bars = demo("AAPL", 700)
        lines: dict[str, list[float]] = {"upper": [], "middle": [], "lower": []}
        for end in range(len(bars) - 100, len(bars)):
            fit = OLS(bars.close[end - period + 1 : end + 1], add_constant(np.arange(period))).fit()
            for name, deviations in zip(lines, (2, 0, -2), strict=True):
                lines[name].append(fit.fittedvalues[-1] + deviations * sqrt(fit.ssr / period))
        return Expected(bars, {name: np.array(values) for name, values in lines.items()})

    return Source("statsmodels", load)


def side_of_the_stop(folder: Path) -> Expected:
    """Stock.Indicators tells the direction by which of its two columns has the stop."""
    bought, sold = (skender("atr-stop", value=name).load(folder) for name in ("buyStop", "sellStop"))
    up, down = ~np.isnan(sold.columns["value"]), ~np.isnan(bought.columns["value"])
    return Expected(bought.bars, {"direction": np.where(up, 1.0, np.where(down, -1.0, np.nan))})


CASES = [
    case("envelopes", skender_states(**ENVELOPES)),
    case("starc_bands", skender_states(**STARC), period=20, atr_period=14),
    case("acceleration_bands", lean("spy_acceleration_bands_20_4.txt.gz", **BANDS)),
    case("acceleration_bands", pandas_ta("accbands", given=BAR, lower=0, middle=1, upper=2)),
    case("acceleration_bands", talib("ACCBANDS", 20, inputs=BAR, outputs="upper middle lower")),
    case("regression_channel", fitted(100)),
    case("regression_channel", talib("LINEARREG", 100, inputs="close", outputs="middle")),
    case("atr_trailing_stop", skender("atr-stop", value="atrStop")),
    case("atr_trailing_stop", Source("Skender", side_of_the_stop, "tests/golden/skender")),
    case("volatility_stop", skender_states(**VOLATILITY_STOP), period=14),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
