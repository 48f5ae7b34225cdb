"""What can go wrong with market data: one base, a stable code each, and all faults at once."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.errors import Fault


class MarketError(Exception):
    """Carry a stable code, a sentence for people, and the faults that led to it."""

    code = "market_error"

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults: list[Fault] = list(faults)


class BarsInputError(MarketError):
    """Say that bars from outside were refused; `faults` names every one, with a JSON pointer."""

    code = "invalid_bars"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"The bars were refused: {len(faults)} fault{'s' if len(faults) != 1 else ''}.", faults)


class SymbolInvalid(MarketError):
    """Say that a symbol or a universe's name uses characters that are not allowed."""

    code = "invalid_symbol"


class TimeframeUnknown(MarketError):
    """Say that the engine does not know a timeframe of that name."""

    code = "unknown_timeframe"


class TimezoneUnknown(MarketError):
    """Say that there is no time zone of that name."""

    code = "unknown_timezone"


class SeriesInvalid(MarketError):
    """Say that a series cannot be stored under these facts; `faults` names every one."""

    code = "invalid_series"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.detail for fault in faults), faults)


class SymbolsUnknown(MarketError):
    """Say which of the asked symbols have no series of that timeframe; `symbols` holds them all, in order."""

    code = "unknown_symbol"

    def __init__(self, symbols: Sequence[str], timeframe: str, faults: Sequence[Fault]) -> None:
        some = ", ".join(symbols[:10]) + (f" and {len(symbols) - 10} more" if len(symbols) > 10 else "")
        super().__init__(f"No {timeframe} bars for: {some}.", faults)
        self.symbols = list(symbols)
        self.timeframe = timeframe


class SeriesNotFound(MarketError):
    """Say that there is no such series that this owner may use."""

    code = "unknown_series"


class UniverseNotFound(MarketError):
    """Say that there is no such universe that this owner may use."""

    code = "unknown_universe"


class AppendRefused(MarketError):
    """Say that bars do not continue the stored series; `code` tells how."""

    def __init__(self, code: str, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail, faults)
        self.code = code


class BlockDamaged(MarketError):
    """Say that a stored block is not what was written."""

    code = "block_damaged"


class SeriesChanged(MarketError):
    """Say that a series is no longer the one whose fingerprint was taken."""

    code = "series_changed"


class ImportRefused(MarketError):
    """Say that a file cannot be read as bars; `faults` points to lines where it can."""

    code = "import_refused"
