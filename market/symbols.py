"""How instruments and universes may be called; paths, forms and columns take the rule from here."""

from __future__ import annotations

import re

from market.errors import SymbolInvalid

SYMBOL_CHARS = 40
_MARKS = ".^=:/&_-"
# As it may be written in a path or a body: capitals come later.
SYMBOL_PATTERN = rf"[A-Za-z0-9^][A-Za-z0-9{re.escape(_MARKS)}]{{0,{SYMBOL_CHARS - 1}}}"
_SYMBOL = re.compile(SYMBOL_PATTERN)
# Between slashes a path has names; these are steps up and down in it, which clients and proxies take.
_STEPS = frozenset({"", ".", ".."})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def normalise_symbol(symbol: str) -> str:
    """Return the symbol as it is stored: trimmed, in capitals; raise SymbolInvalid if it cannot be one.

    Allowed are ASCII letters, digits and . ^ = : / & _ - (BRK.B, ^GSPC, EURUSD=X, BTC/USDT, M&M), at most 40, with a
    letter, a digit or ^ in front and a name before and behind each slash.
    """
    text = symbol.strip(" ") if isinstance(symbol, str) else ""
    # Looked at before it is made capitals: those of ß and ﬁ are letters, too.
    if not _SYMBOL.fullmatch(text) or ".." in text or not _STEPS.isdisjoint(text.split("/")):
        raise SymbolInvalid(f"A symbol has 1 to {SYMBOL_CHARS} characters: letters, digits and {' '.join(_MARKS)}")
    return text.upper()


def checked_name(name: str) -> str:
    """Return the universe's name unchanged; raise SymbolInvalid if it cannot be one."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SymbolInvalid("A universe's name has 1 to 64 characters: letters, digits, dot, underscore, hyphen.")
    return name
