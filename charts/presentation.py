"""How each output of the catalogue is shown: where, as what, and at which values lines are drawn beside it.

It stands apart from the entries, whose sources tell which stored answers are still good: a colour is no part of these.
"""

from typing import Literal, NamedTuple

from analysis.catalog.entry import Entry, Output

Place = Literal["overlay", "own"]
Style = Literal["line", "histogram", "band", "marker"]


class Presentation(NamedTuple):
    """`overlay` lies over what the output is computed from, `own` has a pane with a scale of its own.

    Two outputs of one entry that are a `band` are its edges; a `marker` is drawn at the bars where it is not 0.
    """

    pane: Place
    style: Style


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# An entry, which means all its outputs, or one output of it.
OVERLAY = _names(
    """
    alligator alma dema ema frama hma ichimoku kama linear_regression.value linear_regression.intercept
    median midpoint midprice super_smoother
    linear_regression.forecast mama mcginley parabolic_sar rma sma supertrend.value t3 tema trima vidya vwma wma zlema
    acceleration_bands atr_trailing_stop.value envelopes regression_channel starc_bands volatility_stop.value
    bollinger_bands.upper bollinger_bands.middle bollinger_bands.lower chande_kroll chandelier_exit donchian keltner
    vwap_bands
    anchored_vwap volume_profile vwap central_pivot_range fibonacci_extension fibonacci_retracement pivots_camarilla
    pivots_classic pivots_demark pivots_fibonacci pivots_traditional pivots_woodie previous_period psychological_levels
    swing_levels.support swing_levels.resistance renko.open renko.close
    zigzag.high zigzag.low williams_fractal.high williams_fractal.low pivot_high_low.high pivot_high_low.low
    fair_value_gap.bottom fair_value_gap.top order_block.bottom order_block.top break_of_structure.level
    change_of_character.level
    """
)
OWN = _names(
    """
    directional_movement dx efficiency_ratio vertical_horizontal_filter
    adx adxr aroon di linear_regression.slope linear_regression.r2 macd macdext supertrend.direction trix vortex
    internal_bar_strength laguerre_rsi qqe relative_vigor_index stochastic_momentum_index wavetrend
    accelerator apo awesome bop cci cmo connors_rsi coppock elder_ray fisher intraday_momentum_index kdj kst mfi
    momentum pmo ppo roc rsi stochastic stochastic_fast stochastic_rsi tsi ultimate_oscillator williams_r
    atr_trailing_stop.direction volatility_stop.direction
    atr average_daily_range bollinger_bands.percent_b bollinger_bands.bandwidth chaikin_volatility choppiness
    historical_volatility mass_index natr relative_volatility_index squeeze standard_deviation true_range ulcer
    accumulation_distribution chaikin_money_flow chaikin_oscillator ease_of_movement force_index klinger nvi obv
    up_down_volume volume_delta_estimate
    price_volume_trend pvi pvo relative_volume volume_weighted_macd autocorrelation_periodogram detrended_price
    hilbert_dominant_period hilbert_phase hilbert_phasor hilbert_sine hilbert_trend_mode market_facilitation
    drawdown log_return mean_absolute_deviation relative_strength sharpe_ratio variance
    schaff_trend_cycle swing_levels.support_touches swing_levels.resistance_touches beta correlation entropy hurst
    kurtosis percent_rank skewness z_score heikin_ashi renko.direction renko.bricks dow_trend five_dimensions
    market_phase technical_ratings
    zigzag.is_high zigzag.is_low zigzag.age williams_fractal.is_high williams_fractal.is_low williams_fractal.age
    pivot_high_low.is_high pivot_high_low.is_low pivot_high_low.age
    sequential fair_value_gap.direction fair_value_gap.age order_block.direction order_block.age
    break_of_structure.trend break_of_structure.age change_of_character.trend change_of_character.age
    """
)
HISTOGRAM = _names(
    """
    macd.histogram macdext.histogram ppo.histogram pvo.histogram volume_weighted_macd.histogram accelerator awesome
    volume_delta_estimate.delta
    elder_ray squeeze.momentum relative_volume force_index chaikin_oscillator market_facilitation market_phase.event
    sequential renko.bricks
    """
)
BAND = _names(
    """
    bollinger_bands.upper bollinger_bands.lower donchian.upper donchian.lower keltner.upper keltner.lower
    acceleration_bands.upper acceleration_bands.lower envelopes.upper envelopes.lower
    regression_channel.upper regression_channel.lower starc_bands.upper starc_bands.lower
    ichimoku.span_a ichimoku.span_b central_pivot_range.top central_pivot_range.bottom renko.open renko.close
    volume_profile.value_area_high volume_profile.value_area_low vwap_bands.upper vwap_bands.lower
    fair_value_gap.bottom fair_value_gap.top order_block.bottom order_block.top
    """
)
MARKER = _names(
    """
    atr_trailing_stop.direction volatility_stop.direction qqe.direction
    parabolic_sar supertrend.direction squeeze.on hilbert_trend_mode renko.direction dow_trend market_phase.dow
    zigzag.is_high zigzag.is_low williams_fractal.is_high williams_fractal.is_low pivot_high_low.is_high
    pivot_high_low.is_low fair_value_gap.direction order_block.direction break_of_structure.trend
    change_of_character.trend
    """
)
STYLES: dict[Style, frozenset[str]] = {"histogram": HISTOGRAM, "band": BAND, "marker": MARKER}
# Where the literature of an entry draws its lines.
LINES: dict[str, tuple[float, ...]] = {
    "adx": (25.0,),
    "adxr": (25.0,),
    "cci": (-100.0, 100.0),
    "choppiness": (38.2, 61.8),
    "cmo": (-50.0, 50.0),
    "connors_rsi": (10.0, 90.0),
    "dx": (25.0,),
    "internal_bar_strength": (0.2, 0.8),
    "intraday_momentum_index": (30.0, 70.0),
    "kdj": (20.0, 80.0),
    "laguerre_rsi": (20.0, 80.0),
    "mfi": (20.0, 80.0),
    "qqe": (50.0,),
    "relative_volatility_index": (50.0,),
    "relative_volume": (1.0,),
    "rsi": (30.0, 70.0),
    "schaff_trend_cycle": (25.0, 75.0),
    "stochastic": (20.0, 80.0),
    "stochastic_fast": (20.0, 80.0),
    "stochastic_momentum_index": (-40.0, 40.0),
    "stochastic_rsi": (20.0, 80.0),
    "tsi": (-25.0, 25.0),
    "up_down_volume": (1.0,),
    "ultimate_oscillator": (30.0, 70.0),
    "vortex": (1.0,),
    "wavetrend": (-60.0, 60.0),
    "williams_r": (-80.0, -20.0),
    "z_score": (-2.0, 2.0),
}


def presentation(entry: Entry, output: Output) -> Presentation:
    """Return how an output is shown; a candlestick's column marks the bars of its events."""
    if entry.category == "candlesticks":
        return Presentation("overlay", "marker")
    names = {entry.name, f"{entry.name}.{output.name}"}
    style: Style = next((style for style, members in STYLES.items() if names & members), "line")
    return Presentation("own" if names.isdisjoint(OVERLAY) else "overlay", style)
