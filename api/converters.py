"""Path parts that cannot be what they stand for lead nowhere: 404, before any view."""

from django.urls.converters import StringConverter


class SymbolConverter(StringConverter):
    """A symbol as a client may write it, slashes included (BTC/USDT)."""

    regex = r"[A-Za-z0-9^][A-Za-z0-9.^=:/_-]{0,39}"


class TimeframeConverter(StringConverter):
    """A timeframe, such as 15m, 1d or 1M."""

    regex = r"[0-9]{1,2}[mhdwM]"


class NameConverter(StringConverter):
    """The name of a universe, a scan or an entry of the catalogue."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


class PrefixConverter(StringConverter):
    """The prefix of an API key: what stands between `gta_` and the secret."""

    regex = r"[0-9a-f]{12}"
