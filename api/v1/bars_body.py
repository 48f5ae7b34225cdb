"""Bars inside a body, and what names them: one reading for jobs and for stored series."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError

from analysis.errors import Fault
from api.fields import Body, JsonValue, Text
from api.validation_errors import faults_in
from market.bars_input import parse_bars
from market.errors import MarketError
from market.symbols import SYMBOL_CHARS, normalise_symbol
from market.timeframes import checked_timeframe

_NUMBERS = {"type": "array", "items": {"type": "number"}}
_TIMES = {
    "type": "array",
    "items": {"oneOf": [{"type": "integer"}, {"type": "string", "format": "date-time"}]},
    "description": "When each bar opened: milliseconds or seconds since 1970, or ISO 8601 with a zone.",
}
_COLUMNS = {
    "type": "object",
    "description": "Columns of equal length.",
    "required": ["time", "open", "high", "low", "close"],
    "properties": {
        "symbol": {"type": "string"},
        "timeframe": {"type": "string", "examples": ["1d"]},
        "time": _TIMES,
        **dict.fromkeys(("open", "high", "low", "close"), _NUMBERS),
        "volume": {"type": "array", "items": {"type": ["number", "null"]}},
    },
}
_SESSIONS = {
    "type": "object",
    "description": "The sessions in columns of equal length, by date, from before the first bar to the end of the year "
    "of the last. One that was on the schedule and did not take place has a null close and is not scheduled.",
    "required": ["date", "open", "close"],
    "properties": {
        "date": {"type": "array", "items": {"type": "string", "format": "date"}},
        "open": _TIMES | {"description": "When each session opened, written as `time` is."},
        "close": {
            "type": "array",
            "items": {"oneOf": [*_TIMES["items"]["oneOf"], {"type": "null"}]},  # type: ignore[index]
            "description": "When each session closed, written as `time` is.",
        },
        "early": {
            "type": "array",
            "items": {"type": "boolean"},
            "description": "Whether it closed before its usual time; not, if left out.",
        },
        "scheduled": {
            "type": "array",
            "items": {"type": "boolean"},
            "description": "Whether it went as announced before its week began; it did, if left out.",
        },
    },
}
_SAID = {
    "timezone": {
        "type": "string",
        "examples": ["Australia/Sydney"],
        "description": "IANA zone whose calendar days are the sessions. Give one of timezone, session and sessions.",
    },
    "session": {
        "type": "string",
        "examples": ["17:00 America/New_York mon-fri", "09:30-16:00 America/New_York mon-fri"],
        "description": "A rule: the start, or start and end, of each session on its zone's clock, and the weekdays of "
        "its dates. Without an end it lasts until the next start; one from noon on begins on the evening before.",
    },
    "sessions": _SESSIONS,
    "closed": {"type": "boolean", "description": "True: the last bar is over."},
}
_ROWS = {
    "type": "array",
    "description": "One object for each bar; `timestamp` may stand for `time`.",
    "items": {"type": "object", "additionalProperties": True},
}
_LISTS = {
    "type": "array",
    "description": "[time, open, high, low, close, volume] for each bar.",
    "items": {"type": "array", "items": {"type": ["number", "null"]}},
}


@extend_schema_field({"anyOf": [_COLUMNS, _ROWS, _LISTS]})
class BarsField(JsonValue):
    """Bars in any of the forms that `market.bars_input` reads."""


_WITH_SESSIONS = _COLUMNS | {"properties": {**_COLUMNS["properties"], **_SAID}}  # type: ignore[dict-item]


@extend_schema_field({"anyOf": [_WITH_SESSIONS, _ROWS, _LISTS]})
class JobBarsField(BarsField):
    """Bars that may say of their sessions what a stored series' own facts say; only columns can."""


_SYMBOL = {"type": "string", "description": "The symbol of a stored series of the same timeframe."}


@extend_schema_field({"anyOf": [_SYMBOL, _WITH_SESSIONS, _ROWS, _LISTS]})
class BenchmarkField(JsonValue):
    """A symbol of a stored series, or bars as JobBarsField has them."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the symbol, as it is stored, or the bars as they came."""
        if not isinstance(data, str):
            return super().to_internal_value(data)
        if len(data) > SYMBOL_CHARS:
            raise ValidationError(f"At most {SYMBOL_CHARS} characters.", "too_long")
        return _checked(normalise_symbol, data)


class SymbolField(Text):
    """A symbol; it comes out in capitals."""

    def __init__(self, **options: Any) -> None:
        # What is trimmed by default is more than spaces, and belongs to no symbol.
        super().__init__(max_length=SYMBOL_CHARS, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the symbol as it is stored."""
        return _checked(normalise_symbol, super().to_internal_value(data))


class TimeframeField(Text):
    """A timeframe that the engine knows."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=5, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the timeframe."""
        return _checked(checked_timeframe, super().to_internal_value(data))


def _checked(check: Any, text: str) -> str:
    try:
        result: str = check(text)
    except MarketError as error:
        raise ValidationError(error.detail, error.code) from None
    return result


def read_benchmark(body: Any, values: dict[str, Any]) -> list[Fault]:
    """Put the bars of an inline benchmark into the values of a body, and return what is wrong with them."""
    given = body.get("benchmark") if isinstance(body, dict) else None
    if given is None or isinstance(given, str):
        return []
    try:
        bars = parse_bars(given, max_bars=settings.SERIES_MAX_BARS, pointer="/benchmark", may_say_sessions=True)
    except MarketError as error:
        return error.faults
    values["benchmark"] = bars
    return []


def read_with_bars(shape: type[Body], body: Any, **labels: str) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values of a body with its `bars` parsed, and the faults of its shape and of its bars together.

    Symbol and timeframe beside the bars, or else `labels`, serve bars that name none, and must not contradict those
    that do. The values are good for use only without faults.
    """
    form = shape(data=body)
    faults = [] if form.is_valid() else faults_in(form.errors)
    values: dict[str, Any] = form.validated_data
    if not isinstance(body, dict) or "bars" not in body:
        return values, faults
    unsound = {fault.pointer for fault in faults}
    for name, field in form.fields.items():
        if name in ("symbol", "timeframe") and name in body and f"/{name}" not in unsound:
            labels[name] = field.to_internal_value(body[name])
    may_say = isinstance(form.fields["bars"], JobBarsField)
    try:
        bars = parse_bars(
            body["bars"], max_bars=settings.SERIES_MAX_BARS, pointer="/bars", may_say_sessions=may_say, **labels
        )
    except MarketError as error:
        return values, faults + error.faults
    for name, label in labels.items():
        if str(getattr(bars, name)) != label:
            detail = f"The bars are of {getattr(bars, name)}, the request is for {label}."
            faults.append(Fault(f"/bars/{name}", f"{name}_differs", detail))
    return {**values, "bars": bars}, faults
