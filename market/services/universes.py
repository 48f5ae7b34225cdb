"""Keep a universe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.errors import Fault
from market.errors import MarketError, SymbolInvalid
from market.models import Universe
from market.ownership import Owner
from market.symbols import checked_name, normalise_symbol


def put_universe(*, owner: Owner, name: str, symbols: Sequence[str], now: datetime) -> tuple[Universe, bool]:
    """Return the owner's universe with exactly these symbols, in this order, and whether it is new.

    The symbols need no bars yet. Raises SymbolInvalid with one fault per symbol that cannot be one or comes
    twice, and MarketError for an empty list.
    """
    checked_name(name)
    if not symbols:
        raise MarketError("A universe has at least one symbol.", [Fault("/symbols", "missing", "no symbols")])
    wanted: dict[str, int] = {}
    faults = []
    for position, symbol in enumerate(symbols):
        try:
            if wanted.setdefault(normalise_symbol(symbol), position) != position:
                faults.append(Fault(f"/symbols/{position}", "duplicate_symbol", f"{symbol} is named twice"))
        except SymbolInvalid as error:
            faults.append(Fault(f"/symbols/{position}", "invalid_symbol", error.detail))
    if faults:
        raise SymbolInvalid(f"{len(faults)} of {len(symbols)} symbols were refused.", faults)
    values = {"symbols": list(wanted), "symbol_count": len(wanted), "updated_at": now}
    return Universe.objects.update_or_create(owner_id=None if owner is None else owner.pk, name=name, defaults=values)
