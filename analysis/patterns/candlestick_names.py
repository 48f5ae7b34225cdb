"""TA-Lib's 61 candlesticks by name: their function and how many bars come before the first that can be told.

Names are the field's. The number of bars is TA-Lib's lookback under its default candle settings, which are never
changed: they belong to the whole process.
"""

FUNCTIONS: dict[str, tuple[str, int]] = {
    "two_crows": ("CDL2CROWS", 12),
    "three_black_crows": ("CDL3BLACKCROWS", 13),
    "three_inside": ("CDL3INSIDE", 12),
    "three_line_strike": ("CDL3LINESTRIKE", 8),
    "three_outside": ("CDL3OUTSIDE", 3),
    "three_stars_in_the_south": ("CDL3STARSINSOUTH", 12),
    "three_white_soldiers": ("CDL3WHITESOLDIERS", 12),
    "abandoned_baby": ("CDLABANDONEDBABY", 12),
    "advance_block": ("CDLADVANCEBLOCK", 12),
    "belt_hold": ("CDLBELTHOLD", 10),
    "breakaway": ("CDLBREAKAWAY", 14),
    "closing_marubozu": ("CDLCLOSINGMARUBOZU", 10),
    "concealing_baby_swallow": ("CDLCONCEALBABYSWALL", 13),
    "counterattack": ("CDLCOUNTERATTACK", 11),
    "dark_cloud_cover": ("CDLDARKCLOUDCOVER", 11),
    "doji": ("CDLDOJI", 10),
    "doji_star": ("CDLDOJISTAR", 11),
    "dragonfly_doji": ("CDLDRAGONFLYDOJI", 10),
    "engulfing": ("CDLENGULFING", 2),
    "evening_doji_star": ("CDLEVENINGDOJISTAR", 12),
    "evening_star": ("CDLEVENINGSTAR", 12),
    "gap_side_by_side_white_lines": ("CDLGAPSIDESIDEWHITE", 7),
    "gravestone_doji": ("CDLGRAVESTONEDOJI", 10),
    "hammer": ("CDLHAMMER", 11),
    "hanging_man": ("CDLHANGINGMAN", 11),
    "harami": ("CDLHARAMI", 11),
    "harami_cross": ("CDLHARAMICROSS", 11),
    "high_wave": ("CDLHIGHWAVE", 10),
    "hikkake": ("CDLHIKKAKE", 5),
    "modified_hikkake": ("CDLHIKKAKEMOD", 10),
    "homing_pigeon": ("CDLHOMINGPIGEON", 11),
    "identical_three_crows": ("CDLIDENTICAL3CROWS", 12),
    "in_neck": ("CDLINNECK", 11),
    "inverted_hammer": ("CDLINVERTEDHAMMER", 11),
    "kicking": ("CDLKICKING", 11),
    "kicking_by_length": ("CDLKICKINGBYLENGTH", 11),
    "ladder_bottom": ("CDLLADDERBOTTOM", 14),
    "long_legged_doji": ("CDLLONGLEGGEDDOJI", 10),
    "long_line": ("CDLLONGLINE", 10),
    "marubozu": ("CDLMARUBOZU", 10),
    "matching_low": ("CDLMATCHINGLOW", 6),
    "mat_hold": ("CDLMATHOLD", 14),
    "morning_doji_star": ("CDLMORNINGDOJISTAR", 12),
    "morning_star": ("CDLMORNINGSTAR", 12),
    "on_neck": ("CDLONNECK", 11),
    "piercing": ("CDLPIERCING", 11),
    "rickshaw_man": ("CDLRICKSHAWMAN", 10),
    "rising_falling_three_methods": ("CDLRISEFALL3METHODS", 14),
    "separating_lines": ("CDLSEPARATINGLINES", 11),
    "shooting_star": ("CDLSHOOTINGSTAR", 11),
    "short_line": ("CDLSHORTLINE", 10),
    "spinning_top": ("CDLSPINNINGTOP", 10),
    "stalled_pattern": ("CDLSTALLEDPATTERN", 12),
    "stick_sandwich": ("CDLSTICKSANDWICH", 7),
    "takuri": ("CDLTAKURI", 10),
    "tasuki_gap": ("CDLTASUKIGAP", 7),
    "thrusting": ("CDLTHRUSTING", 11),
    "tristar": ("CDLTRISTAR", 12),
    "unique_three_river": ("CDLUNIQUE3RIVER", 12),
    "upside_gap_two_crows": ("CDLUPSIDEGAP2CROWS", 12),
    "gap_three_methods": ("CDLXSIDEGAP3METHODS", 2),
}

TWO = (
    *("counterattack", "dark_cloud_cover", "doji_star", "engulfing", "harami", "harami_cross", "homing_pigeon"),
    *(
        "in_neck",
        "kicking",
        "kicking_by_length",
        "matching_low",
        "on_neck",
        "piercing",
        "separating_lines",
        "thrusting",
    ),
)
THREE = (
    *("two_crows", "three_black_crows", "three_inside", "three_outside", "three_stars_in_the_south"),
    *("three_white_soldiers", "abandoned_baby", "advance_block", "evening_doji_star", "evening_star"),
    *("gap_side_by_side_white_lines", "hikkake", "identical_three_crows", "morning_doji_star", "morning_star"),
    *("stalled_pattern", "stick_sandwich", "tasuki_gap", "tristar", "unique_three_river", "upside_gap_two_crows"),
    "gap_three_methods",
)
FOUR = ("three_line_strike", "concealing_baby_swallow", "modified_hikkake")
FIVE = ("breakaway", "ladder_bottom", "mat_hold", "rising_falling_three_methods")
# How many bars a candlestick has, of those that have more than one: the trend before it ends before the first of them.
BARS = {name: count for count, names in enumerate((TWO, THREE, FOUR, FIVE), 2) for name in names}
