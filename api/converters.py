"""Path parts that cannot be what they stand for lead nowhere: 404, before any view."""

from django.urls.converters import StringConverter

from forecasts.stored_cards import VERSION
from market.errors import SymbolInvalid
from market.symbols import SYMBOL_PATTERN, normalise_symbol


class SymbolConverter(StringConverter):
    """A symbol as a client may write it, slashes included (BTC/USDT)."""

    regex = SYMBOL_PATTERN

    def to_python(self, value: str) -> str:
        """Return the symbol as it is stored."""
        try:
            return normalise_symbol(value)
        except SymbolInvalid as error:
            raise ValueError from error


class TimeframeConverter(StringConverter):
    """A timeframe, such as 15m, 1d or 1M."""

    regex = r"[0-9]{1,2}[mhdwM]"


class NameConverter(StringConverter):
    """The name of a universe, a scan or an entry of the catalogue."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


class VersionConverter(StringConverter):
    """The version of a model."""

    regex = VERSION


class PrefixConverter(StringConverter):
    """The prefix of an API key: what stands between `gta_` and the secret."""

    regex = r"[0-9a-f]{12}"
