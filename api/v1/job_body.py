"""The body that submits a job: its shape, and every fault of it at once."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from analysis.errors import Fault, PlanError
from analysis.fault_limits import room
from analysis.timeframe import KNOWN
from api.fields import Body, JsonValue, Moment, StrictBoolean, StrictInteger, StringList, Text
from api.v1.bars_body import BenchmarkField, JobBarsField, TimeframeField, read_benchmark, read_with_bars
from jobs import outcomes_asked, retention
from jobs.errors import InvalidRequest
from jobs.requests import JobRequest
from market import selectors as market
from market.errors import MarketError
from market.symbols import SYMBOL_CHARS
from notifications.addresses import MAX_CHARS

MAX_TAGS, TAG_CHARS = 20, 50
MAX_REASONS = 10

_ANALYSIS = {
    "oneOf": [
        {"type": "string", "examples": ["rsi", "rsi(21)", "mine = ema(50)", "close > mine", "candlesticks"]},
        {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "params": {"type": "object", "additionalProperties": True},
                "as": {"type": "string", "description": "What its columns are called."},
                "source": {"type": "string", "description": "The input, where it can be chosen."},
            },
        },
        {
            "type": "object",
            "required": ["group"],
            "properties": {"group": {"type": "string", "description": "A category of the catalogue, or all."}},
        },
    ]
}


@extend_schema_field({"type": "array", "minItems": 1, "items": _ANALYSIS})
class AnalysesField(JsonValue):
    """A list whose elements `analysis.Plan` reads."""

    def to_internal_value(self, data: Any) -> list[Any]:
        """Return the list."""
        if not isinstance(data, list):
            raise ValidationError("This is not a list.", "wrong_type")
        if not data:
            raise ValidationError("Name at least one analysis.", "empty")
        return data


@extend_schema_field({"oneOf": [{"type": "string", "enum": ["last", "all"]}, {"type": "integer", "minimum": 1}]})
class OutputField(JsonValue):
    """How many of the asked bars come back."""

    def to_internal_value(self, data: Any) -> str | int:
        """Return `last`, `all` or a number of bars."""
        if data in ("last", "all") or (type(data) is int and 1 <= data <= settings.SERIES_MAX_BARS):
            result: str | int = data
            return result
        detail = f"This is `last`, `all` or a number of bars from 1 to {settings.SERIES_MAX_BARS:,}."
        raise ValidationError(detail, "out_of_bounds" if type(data) is int else "wrong_type")


class JobBody(Body):
    """What to compute, over which bars, and how much of it to answer."""

    analyses = AnalysesField(help_text="Names, calls, expressions or groups from the catalogue.")
    bars = JobBarsField(required=False, help_text="The bars of one symbol.")
    symbols = StringList(
        required=False,
        max_count=settings.JOB_MAX_SYMBOLS,
        max_chars=SYMBOL_CHARS,
        help_text="Stored series.",
    )
    universe = Text(required=False, max_length=64, help_text="A stored list of symbols.")
    timeframe = TimeframeField(required=False, help_text="Of the stored series; 1d if left out.")
    benchmark = BenchmarkField(
        required=False,
        help_text="The second series of analyses that compare two, as `correlation` and `beta`, and `benchmark` in "
        "expressions. Its value counts on the first bar that closes when its own does or later.",
    )
    start = Moment(required=False, help_text="First moment asked for.")
    end = Moment(required=False, help_text="First moment no longer asked for.")
    last = StrictInteger(required=False, min_value=1, max_value=settings.SERIES_MAX_BARS, help_text="The last n bars.")
    output = OutputField(required=False, default="last", help_text="How many of the asked bars come back.")
    include = serializers.ListField(
        child=serializers.ChoiceField(choices=["forming", "open"]),
        required=False,
        max_length=2,
        help_text="`forming`: what may become a pattern as well; it may vanish. `open`: besides the events of the "
        "asked bars those before them that have met neither stop nor last target, and whose time is not over.",
    )
    reasons = StrictInteger(
        required=False,
        min_value=1,
        max_value=MAX_REASONS,
        help_text="With `pattern_outcome` or `candlestick_outcome`: this many of the features that moved the model "
        "most, for each prediction.",
    )
    reuse = StrictBoolean(required=False, default=True, help_text="Answer from a stored result if there is one.")
    start_after = Moment(required=False, help_text="Not to begin before this.")
    deadline_at = Moment(required=False, help_text="What is not done by then is cancelled.")
    retention = serializers.ChoiceField(
        choices=list(retention.CLASSES), required=False, help_text="How long the job is kept after its end."
    )
    callback_url = Text(required=False, max_length=MAX_CHARS, help_text="Told, signed, when the job is over.")
    tags = StringList(required=False, max_count=MAX_TAGS, max_chars=TAG_CHARS, help_text="To find the job by.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the values if start and end make a range."""
        if "start" in attrs and "end" in attrs and attrs["start"] >= attrs["end"]:
            raise ValidationError({"end": [ErrorDetail("This is not after start.", "not_after_start")]})
        if len(set(attrs.get("include", ()))) < len(attrs.get("include", ())):
            raise ValidationError({"include": [ErrorDetail("Each of them once.", "duplicate")]})
        return attrs


SOURCES = ("bars", "symbols", "universe")


def job_request(owner: AbstractBaseUser, body: Any) -> JobRequest:
    """Return the request in a decoded body; raise InvalidRequest with the faults of its shape and of its bars.

    Should there be any, what the domain has to say of analyses and symbols is listed with them, so that a client
    needs one attempt to learn everything.
    """
    if isinstance(body, dict):
        # Clients that write out their empty fields mean the same as those that leave them away.
        body = {name: value for name, value in body.items() if value is not None}
    values, faults = read_with_bars(JobBody, body)
    faults += read_benchmark(body, values)
    given = body if isinstance(body, dict) else {}
    sources = [name for name in SOURCES if name in given]
    if isinstance(body, dict) and len(sources) != 1:
        code = "missing" if not sources else "ambiguous"
        faults.append(Fault("", code, "Give exactly one of bars, symbols and universe."))
    if faults:
        more = _domain_faults(owner, given, faults) if len(faults) < room() else []
        raise InvalidRequest(faults + more)
    return JobRequest(**values)


def _timeframe(given: dict[str, Any], unsound: set[str]) -> str | None:
    """Return the timeframe that the analyses would be of, or None where that cannot be told."""
    bars = given.get("bars")
    named = bars.get("timeframe") if isinstance(bars, dict) else None
    timeframe = given.get("timeframe", named if "bars" in given else "1d")
    return timeframe if "timeframe" not in unsound and timeframe in KNOWN else None


def _domain_faults(owner: AbstractBaseUser, given: dict[str, Any], known: list[Fault]) -> list[Fault]:
    """Return what is wrong with analyses, symbols and universe, of those whose shape is sound."""
    unsound = {fault.pointer.split("/")[1] for fault in known if fault.pointer.startswith("/")}
    found: list[Fault] = []
    if "analyses" in given and "analyses" not in unsound and len(given["analyses"]) <= settings.JOB_MAX_ANALYSES:
        try:
            outcomes_asked.parsed(given["analyses"], _timeframe(given, unsound))
        except PlanError as error:
            found += [Fault(f"/analyses{fault.pointer}", fault.code, fault.detail) for fault in error.faults]
    sources = [name for name in SOURCES if name in given]
    if len(sources) == 1 and sources[0] != "bars" and not unsound & {sources[0], "timeframe"}:
        source = {sources[0]: given[sources[0]]}
        try:
            market.resolve(owner, timeframe=given.get("timeframe", "1d"), **source)
        except MarketError as error:
            found += error.faults
    return found
