"""Adaptive and volume-weighted averages, stops, oscillators and flow against others."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analysis.validation import series
from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.oracles.sources import lean, pandas_ta, skender, talipp

TALIPP_SEED = "talipp's true range begins one bar earlier, so its average has another seed"


def _session_vwap(_folder: Path) -> Expected:
    """pandas-ta-classic's VWAP of hourly bars, anchored to the day."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, of pandas
        import pandas as pd
        import pandas_ta_classic as ta

        bars = series.intraday(140)
        names = ("high", "low", "close", "volume")
        frame = pd.DataFrame({name: getattr(bars, name) for name in names}, index=pd.to_datetime(bars.time))
        got = ta.vwap(*(frame[name] for name in names), anchor="D")
    return Expected(bars, {"value": got.to_numpy("float64")})


CASES = [
    case("rma", talipp("SMMA", 14, inputs="close", value=""), period=14),
    case("hma", talipp("HMA", 9, inputs="close", value=""), period=9),
    case("hma", talipp("HMA", 16, inputs="close", value=""), period=16),
    case("kama", skender("kama", value="kama"), period=10),
    case("kama", talipp("KAMA", 10, 2, 30, inputs="close", value=""), period=10),
    case("vwma", skender("vwma", value="vwma"), period=14),
    case("vwma", talipp("VWMA", 20, value=""), period=20),
    case("supertrend", skender("supertrend", value="superTrend"), period=10, multiplier=3.0),
    case("supertrend", talipp("SuperTrend", 10, 3, value="value"), after=400, why=TALIPP_SEED),
    case("vortex", talipp("VTX", 14, plus="plus_vtx", minus="minus_vtx"), period=14),
    case("tsi", skender("tsi", tsi="tsi", signal="signal"), signal_period=7),
    case("tsi", talipp("TSI", 13, 25, inputs="close", tsi="")),
    case("cmo", pandas_ta("cmo", given="close", options={"length": 9}, value=0), period=9),
    case(
        "ppo",
        pandas_ta("ppo", given="close", options={"mamode": "ema"}, ppo=0, histogram=1, signal=2),
    ),
    case("awesome", talipp("AO", 5, 34, value="")),
    case("awesome", pandas_ta("ao", given="high low", value=0)),
    case("bop", talipp("BOP", value="")),
    case("bop", lean("spy_bop.txt.gz", value="BOP")),
    case("chaikin_oscillator", skender("chaikin-osc", value="oscillator")),
    case("chaikin_oscillator", talipp("ChaikinOsc", 3, 10, value="")),
    case("force_index", talipp("ForceIndex", 13, value="")),
    case("force_index", pandas_ta("efi", given="close volume", options={"length": 13}, value=0), period=13),
    case("vwap", Source("pandas-ta-classic", _session_vwap)),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_averages_and_flow_agree_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def test_price_volume_trend_adds_volume_times_relative_change(oracle: Callable[[Case], None]) -> None:
    def percent(_folder: Path) -> Expected:
        """pandas-ta-classic adds percent, ours parts of one."""
        theirs = pandas_ta("pvt", given="close volume", value=0).load(_folder)
        return Expected(theirs.bars, {"value": np.asarray(theirs.columns["value"]) / 100})

    oracle(case("price_volume_trend", Source("pandas-ta-classic", percent)))
