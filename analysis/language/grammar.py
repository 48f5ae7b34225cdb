"""The words of the grammar: series, operators, functions, and what is known of an event."""

from typing import NamedTuple

PRICES = ("open", "high", "low", "close", "hl2", "hlc3", "ohlc4")
SERIES = (*PRICES, "volume", "day_of_week", "benchmark")


class Handed(NamedTuple):
    """Columns that only who calls a run can have, and hands over: what may be asked of a word.

    One with horizons (bars ahead) is known on every bar, is called with one of them, and may stand by itself for all
    that is asked of it. Of prices is what is itself a price, and made of prices above zero.
    """

    title: str
    outputs: tuple[str, ...]
    horizons: tuple[int, ...] = ()
    usual: int = 0
    is_of_prices: bool = False


_OUTCOME = ("p_target", "p_stop", "p_timeout", "expected_r")
# A model's answers are such columns; of the model nothing is known here.
HANDED = {
    "pattern_outcome": Handed("What becomes of a pattern, as its model says", _OUTCOME),
    "candlestick_outcome": Handed("What becomes of a candlestick, as its model says", _OUTCOME),
    "expected_range": Handed(
        "How far price goes, as the model says",
        ("high_10", "high_50", "high_90", "low_10", "low_50", "low_90"),
        (5, 10, 20, 40, 60),
        20,
        is_of_prices=True,
    ),
}
# What an argument may be. EITHER: numbers or conditions, all that say so alike.
NUMBER, CONDITION, EITHER = "number", "condition", "either"


class Operator(NamedTuple):
    """How an operation reads: its binding strength, what it takes, and whether it answers conditions."""

    binds: int
    takes: str = NUMBER
    is_condition: bool = False


COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
OPERATORS = {
    "or": Operator(1, CONDITION, is_condition=True),
    "and": Operator(2, CONDITION, is_condition=True),
    "not": Operator(3, CONDITION, is_condition=True),
    **dict.fromkeys(COMPARISONS, Operator(4, is_condition=True)),
    "+": Operator(5),
    "-": Operator(5),
    "*": Operator(6),
    "/": Operator(6),
    "%": Operator(6),
    "negative": Operator(7),
    "ago": Operator(8, EITHER),
}
ATOM = 9


class Function(NamedTuple):
    """A word of the grammar that is called: its arguments by name and kind, then a number of bars `n` if it has one.

    `default_bars` and `default_number` stand for what is left out at the end; `repeats` takes more of its arguments.
    """

    takes: tuple[tuple[str, str], ...]
    takes_bars: bool = False
    default_bars: int | None = None
    least_bars: int = 1
    default_number: float | None = None
    repeats: bool = False
    is_condition: bool = False


_X = (("x", NUMBER),)
_AB = (("a", NUMBER), ("b", NUMBER))
_C = (("condition", CONDITION),)
FUNCTIONS = {
    "crossed_above": Function(_AB, is_condition=True),
    "crossed_below": Function(_AB, is_condition=True),
    "highest": Function(_X, takes_bars=True),
    "lowest": Function(_X, takes_bars=True),
    "sum": Function(_X, takes_bars=True),
    "change": Function(_X, takes_bars=True, default_bars=1),
    "percent_change": Function(_X, takes_bars=True, default_bars=1),
    "rising": Function(_X, takes_bars=True, default_bars=1, is_condition=True),
    "falling": Function(_X, takes_bars=True, default_bars=1, is_condition=True),
    "within": Function(_C, takes_bars=True, is_condition=True),
    "count": Function(_C, takes_bars=True),
    "bars_since": Function(_C),
    "valuewhen": Function((*_C, *_X), takes_bars=True, default_bars=0, least_bars=0),
    "if": Function((*_C, ("a", EITHER), ("b", EITHER))),
    "nz": Function((*_X, ("v", NUMBER)), default_number=0.0),
    "max": Function(_AB, repeats=True),
    "min": Function(_AB, repeats=True),
    "abs": Function(_X),
    "log": Function(_X),
    "sqrt": Function(_X),
}
# What is known of the newest event of a name while it is open; candlesticks state no prices.
ATTRIBUTES = ("score", "side", "target", "stop", "entry")
OF_CANDLESTICKS = ("score", "side")
SIDES = ("bullish", "bearish", "neutral")
HIGHEST_SCORE = 2.0  # of a confirmed candlestick

# Words that a name of a request may not be, besides those of the catalogue; `benchmark` is a series in waiting.
RESERVED = {"and", "or", "not", "source", *FUNCTIONS, *SERIES}
