"""Fields that take a value of their own type and no other: "1" is no number, and neither is true."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.settings import api_settings

from analysis.errors import MORE, MOST_FAULTS
from analysis.fault_limits import room, similar
from market.timestamps import FIRST_MILLISECONDS

HINTED = 5  # unknown names that the nearest known one is looked up for


class Body(serializers.Serializer[Any]):
    """An object that has no other names than these."""

    @property
    def fields(self) -> Any:
        """The fields, copied once a class: ours keep nothing of a request, and copying costs more than checking."""
        return _fields(type(self))

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the values, or raise with the faults of all names, unknown ones included."""
        unknown: dict[str, Any] = {}
        if isinstance(data, dict):
            known = [name for name, field in self.fields.items() if not field.read_only]
            unknown = _unknown([name for name in data if name not in known], known)
        try:
            values: dict[str, Any] = super().to_internal_value(data)
        except ValidationError as error:
            known_faults: Any = error.detail
            raise ValidationError({**known_faults, **unknown}) from None
        if unknown:
            raise ValidationError(unknown)
        return values


@cache
def _fields(kind: type[Body]) -> Any:
    return serializers.Serializer.fields.__get__(kind())


def _unknown(names: Sequence[str], known: Sequence[str]) -> dict[str, Any]:
    """Return a fault for each of the first names: a hint with a few of them, the known fields once."""
    faults: dict[str, Any] = {}
    is_told = False
    most = min(MOST_FAULTS, room())
    for place, name in enumerate(names[:most]):
        near = similar(name, known, count=1) if place < HINTED else []
        hint = f" Did you mean {near[0]}?" if near else "" if is_told else f" Known are {', '.join(known)}."
        is_told = is_told or not near
        faults[name] = [ErrorDetail(f"There is no such field.{hint}", "unknown_field")]
    left = len(names) - most
    if left > 0:
        faults[api_settings.NON_FIELD_ERRORS_KEY] = [ErrorDetail(f"{left:,} further fields are unknown.", MORE)]
    return faults


class Text(serializers.CharField):
    """Text; a number or a boolean is not turned into one."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text."""
        if not isinstance(data, str):
            raise ValidationError("This is not text.", "wrong_type")
        return super().to_internal_value(data)


class StrictInteger(serializers.IntegerField):
    """A whole number; neither text nor a boolean nor 1.0 is one."""

    def to_internal_value(self, data: Any) -> int:
        """Return the number."""
        if type(data) is not int:
            raise ValidationError("This is not a whole number.", "wrong_type")
        return data


class WholeNumberText(serializers.IntegerField):
    """A whole number as a query writes one: digits of ASCII. int() takes +5, 1_0 and other scripts' as well."""

    def to_internal_value(self, data: Any) -> int:
        """Return the number."""
        text = str(data)
        if len(text) > self.MAX_STRING_LENGTH:
            self.fail("max_string_length", max_length=self.MAX_STRING_LENGTH)
        if not re.fullmatch("-?[0-9]+", text):
            raise ValidationError("This is not a whole number, such as 50.", "wrong_type")
        return int(text)


class StrictBoolean(serializers.BooleanField):
    """true or false, and nothing that merely looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        """Return the value."""
        if not isinstance(data, bool):
            raise ValidationError("This is neither true nor false.", "wrong_type")
        return data


class Moment(serializers.DateTimeField):
    """A moment: ISO 8601 with a zone, or milliseconds or seconds since 1970."""

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment in UTC."""
        if type(value) is int:
            value = str(value)
        if not isinstance(value, str):
            raise ValidationError("This is neither ISO 8601 text nor a number of milliseconds.", "wrong_type")
        try:
            if re.fullmatch(r"-?[0-9]{9,15}", value):
                count = int(value)
                return datetime.fromtimestamp(count if abs(count) < FIRST_MILLISECONDS else count / 1_000, UTC)
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValidationError("The zone is missing: write it, such as 2024-01-31T00:00:00Z.", "naive_time")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError("Not ISO 8601, such as 2024-01-31T00:00:00Z.", "not_a_time") from None


class StringList(serializers.ListField):
    """A list of texts, checked in one pass, for there may be ten thousand."""

    def __init__(self, *, max_count: int, max_chars: int, **options: Any) -> None:
        self.max_count, self.max_chars = max_count, max_chars
        super().__init__(child=Text(max_length=max_chars), min_length=1, max_length=max_count, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        """Return the texts; faults point to each that is none, or is empty or too long."""
        if not isinstance(data, list):
            raise ValidationError("This is not a list.", "wrong_type")
        if not data:
            raise ValidationError("The list is empty.", "empty")
        if len(data) > self.max_count:
            raise ValidationError(f"At most {self.max_count:,} are allowed; {len(data):,} are given.", "too_many")
        wrong = ((index, fault) for index, value in enumerate(data) if (fault := self._fault(value)) is not None)
        faults: Any = {index: [fault] for index, fault in islice(wrong, min(MOST_FAULTS, room()) + 1)}
        if faults:
            raise ValidationError(faults)
        return data

    def _fault(self, value: Any) -> ErrorDetail | None:
        if not isinstance(value, str):
            return ErrorDetail("This is not text.", "wrong_type")
        if not value.strip():
            return ErrorDetail("This text is empty.", "empty")
        if len(value) > self.max_chars:
            return ErrorDetail(f"At most {self.max_chars} characters are allowed.", "too_long")
        return None


@extend_schema_field({})
class JsonValue(serializers.Field[Any, Any, Any, Any]):
    """A value that is read elsewhere."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the value as it came."""
        return data

    def to_representation(self, value: Any) -> Any:
        """Return the value as it is."""
        return value
