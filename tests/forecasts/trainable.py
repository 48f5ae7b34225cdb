"""A universe with events enough to train on, and one without."""

from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from market.services.store import store_series
from market.services.universes import put_universe
from tests.ml.training_run import COUNT as COUNT
from tests.ml.training_run import several

ENOUGH, TOO_FEW = "enough", "too_few"
FEW = 3


def store(owner: AbstractUser | None = None, count: int = COUNT) -> list[str]:
    """Store walks as daily series with both universes; return the symbols."""
    symbols = []
    for bars in several(count):
        symbol = str(bars.symbol)
        source = {"source": "walk", "adjustment": "raw", "now": timezone.now()}
        store_series(owner=owner, bars=bars, symbol=symbol, timeframe="1d", **source)
        symbols.append(symbol)
    put_universe(owner=owner, name=ENOUGH, symbols=symbols, now=timezone.now())
    put_universe(owner=owner, name=TOO_FEW, symbols=symbols[:FEW], now=timezone.now())
    return symbols
