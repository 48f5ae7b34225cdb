"""One rule says what a symbol is."""

import pytest

from jobs.models import JobSymbol
from market.errors import SymbolInvalid
from market.models import Instrument
from market.symbols import SYMBOL_CHARS, normalise_symbol

SYMBOLS = (
    *("M&M", "L&TFH.NS", "BTC/USDT", "BTC/USDT:USDT", "BRK.B", "^GSPC", "ES=F", "600519.SS", "EUR/USD", "BF-B"),
    *("A", "1", "A" * 40, "S&P/TSX", "EURUSD=X", "NIFTY_50"),
)
HOSTILE = (
    *("", " ", "A" * 41, "A" * 200, "A\0B", "A\nB", "\x1cA", "A\x7f", "A\u00a0", "\u200bA", "A\u202eB", "\u2066A"),
    *("..", ".", "A..B", "../A", "A/../B", "A/./B", "A//B", "/A", "A/", "A/..", "/", "A/B/.", "A%2FB", "%2f..%2f"),
    *("<script>", "A<B>", "A'B", 'A"B', "A;B", "A,B", "A B", "A~B", "A\\B", "A?B", "A#B", "&A", "=A", "-A", "+A", "@A"),
    *("ß", "ﬁ", "ı", "Ａ", "АAPL", "é", "A\ud800"),
)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_what_is_one(symbol: str) -> None:
    assert normalise_symbol(symbol) == normalise_symbol(f" {symbol.lower()} ") == symbol


@pytest.mark.parametrize("symbol", [*HOSTILE, None, 5, b"A"])
def test_what_is_none(symbol: str) -> None:
    with pytest.raises(SymbolInvalid):
        normalise_symbol(symbol)


def test_every_column_holds_the_longest() -> None:
    for model in (Instrument, JobSymbol):
        assert model._meta.get_field("symbol").max_length == SYMBOL_CHARS
