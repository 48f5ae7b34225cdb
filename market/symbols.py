"""How instruments and universes may be called."""

from __future__ import annotations

import re

from market.errors import SymbolInvalid

_SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.^=:/_-]{0,39}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def normalise_symbol(symbol: str) -> str:
    """Return the symbol as it is stored: trimmed, in capitals; raise SymbolInvalid if it cannot be one.

    Allowed are ASCII letters, digits and . ^ = : / _ - (BRK.B, ^GSPC, EURUSD=X, BTC/USDT), at most 40.
    """
    text = symbol.strip().upper() if isinstance(symbol, str) else ""
    if not _SYMBOL.fullmatch(text):
        raise SymbolInvalid("A symbol has 1 to 40 characters: letters, digits and . ^ = : / _ -")
    return text


def checked_name(name: str) -> str:
    """Return the universe's name unchanged; raise SymbolInvalid if it cannot be one."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SymbolInvalid("A universe's name has 1 to 64 characters: letters, digits, dot, underscore, hyphen.")
    return name
