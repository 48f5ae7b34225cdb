"""TA-Lib's 61 candlestick patterns as events."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from analysis.events import Event, Side
from analysis.kernels.talib import ta
from analysis.registry import entry
from analysis.spec import Output

if TYPE_CHECKING:
    from analysis.bars import Bars

STRENGTH = {80: 0.8, 100: 1.0, 200: 2.0}
FUNCTIONS = sorted(name for name in dir(ta) if name.startswith("CDL"))

NAMES = {
    "CDL2CROWS": "two_crows",
    "CDL3BLACKCROWS": "three_black_crows",
    "CDL3INSIDE": "three_inside",
    "CDL3LINESTRIKE": "three_line_strike",
    "CDL3OUTSIDE": "three_outside",
    "CDL3STARSINSOUTH": "three_stars_in_the_south",
    "CDL3WHITESOLDIERS": "three_white_soldiers",
    "CDLABANDONEDBABY": "abandoned_baby",
    "CDLADVANCEBLOCK": "advance_block",
    "CDLBELTHOLD": "belt_hold",
    "CDLBREAKAWAY": "breakaway",
    "CDLCLOSINGMARUBOZU": "closing_marubozu",
    "CDLCONCEALBABYSWALL": "concealing_baby_swallow",
    "CDLCOUNTERATTACK": "counterattack",
    "CDLDARKCLOUDCOVER": "dark_cloud_cover",
    "CDLDOJI": "doji",
    "CDLDOJISTAR": "doji_star",
    "CDLDRAGONFLYDOJI": "dragonfly_doji",
    "CDLENGULFING": "engulfing",
    "CDLEVENINGDOJISTAR": "evening_doji_star",
    "CDLEVENINGSTAR": "evening_star",
    "CDLGAPSIDESIDEWHITE": "gap_side_by_side_white_lines",
    "CDLGRAVESTONEDOJI": "gravestone_doji",
    "CDLHAMMER": "hammer",
    "CDLHANGINGMAN": "hanging_man",
    "CDLHARAMI": "harami",
    "CDLHARAMICROSS": "harami_cross",
    "CDLHIGHWAVE": "high_wave",
    "CDLHIKKAKE": "hikkake",
    "CDLHIKKAKEMOD": "modified_hikkake",
    "CDLHOMINGPIGEON": "homing_pigeon",
    "CDLIDENTICAL3CROWS": "identical_three_crows",
    "CDLINNECK": "in_neck",
    "CDLINVERTEDHAMMER": "inverted_hammer",
    "CDLKICKING": "kicking",
    "CDLKICKINGBYLENGTH": "kicking_by_length",
    "CDLLADDERBOTTOM": "ladder_bottom",
    "CDLLONGLEGGEDDOJI": "long_legged_doji",
    "CDLLONGLINE": "long_line",
    "CDLMARUBOZU": "marubozu",
    "CDLMATCHINGLOW": "matching_low",
    "CDLMATHOLD": "mat_hold",
    "CDLMORNINGDOJISTAR": "morning_doji_star",
    "CDLMORNINGSTAR": "morning_star",
    "CDLONNECK": "on_neck",
    "CDLPIERCING": "piercing",
    "CDLRICKSHAWMAN": "rickshaw_man",
    "CDLRISEFALL3METHODS": "rising_falling_three_methods",
    "CDLSEPARATINGLINES": "separating_lines",
    "CDLSHOOTINGSTAR": "shooting_star",
    "CDLSHORTLINE": "short_line",
    "CDLSPINNINGTOP": "spinning_top",
    "CDLSTALLEDPATTERN": "stalled_pattern",
    "CDLSTICKSANDWICH": "stick_sandwich",
    "CDLTAKURI": "takuri",
    "CDLTASUKIGAP": "tasuki_gap",
    "CDLTHRUSTING": "thrusting",
    "CDLTRISTAR": "tristar",
    "CDLUNIQUE3RIVER": "unique_three_river",
    "CDLUPSIDEGAP2CROWS": "upside_gap_two_crows",
    "CDLXSIDEGAP3METHODS": "gap_three_methods",
}
# Shapes of indecision: TA-Lib marks them +100, which is no direction.
NEUTRAL = {
    "doji",
    "doji_star",
    "dragonfly_doji",
    "gravestone_doji",
    "high_wave",
    "long_legged_doji",
    "rickshaw_man",
    "short_line",
    "spinning_top",
}


def _detector(function: str, name: str) -> Callable[["Bars"], list[Event]]:
    compute = getattr(ta, function)

    def detect(bars: "Bars", /) -> list[Event]:
        marks = compute(bars.open, bars.high, bars.low, bars.close)
        return [_event(bars, int(bar), int(marks[bar]), name) for bar in np.flatnonzero(marks)]

    detect.__doc__ = f"Return every {name.replace('_', ' ')} ({function}) as an event of its last bar."
    return detect


def _event(bars: "Bars", bar: int, mark: int, name: str) -> Event:
    side: Side = "neutral" if name in NEUTRAL else "bullish" if mark > 0 else "bearish"
    at = int(bars.time[bar])
    return Event(
        name=name, kind="candlestick", side=side, score=STRENGTH[abs(mark)], bar=bar, formed_at=at, confirmed_at=at
    )


for _function, _name in NAMES.items():
    entry(
        _name,
        title=_name.replace("_", " ").capitalize(),
        category="candlesticks",
        outputs=(Output("mark", "strength", -2, 2),),
        warmup=lambda p: 0,
        history="path",
        source=f"Nison, Japanese Candlestick Charting Techniques (2001), as TA-Lib's {_function} states it.",
        kind="pattern",
        cost_us=4,
    )(_detector(_function, _name))
