"""Query parameters: read as strictly as bodies, with faults that point to `?name`."""

from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from analysis.errors import Fault
from api.fields import Body, Moment
from api.validation_errors import faults_in
from jobs.errors import InvalidRequest

MAX_CHARS = 4_000


class Listed(serializers.CharField):
    """Values separated by commas; a comma inside parentheses belongs to the value, as in macd(12,26)."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the list of values."""
        return split_outside_parentheses(super().to_internal_value(data))

    def to_representation(self, value: Any) -> Any:
        """Return the values as they are."""
        return value


class MomentParameter(Moment):
    """A moment; the plus of its zone may have become a blank on the way, as it does in queries."""

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment in UTC."""
        return super().to_internal_value(value.replace(" ", "+") if isinstance(value, str) else value)


def split_outside_parentheses(text: str) -> list[str]:
    """Return the parts of the text between its commas, those inside parentheses not counted."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def read_query(shape: type[Body], request: Request) -> dict[str, Any]:
    """Return the query's values by the names of the shape; raise InvalidRequest with every fault.

    A parameter given several times is one list if it is one, else a fault.
    """
    data: dict[str, str] = {}
    faults: list[Fault] = []
    fields = shape().fields
    for name, values in request.query_params.lists():
        joined = ",".join(values)
        if len(values) > 1 and not isinstance(fields.get(name), Listed):
            faults.append(Fault(f"?{name[:80]}", "duplicate_name", "This parameter is given more than once."))
        elif len(joined) > MAX_CHARS:
            faults.append(Fault(f"?{name[:80]}", "too_long", f"At most {MAX_CHARS:,} characters are allowed."))
        else:
            data[name] = joined
    form = shape(data=data)
    if not form.is_valid():
        found = faults_in(form.errors)
        faults += [Fault(f"?{fault.pointer[1:]}", fault.code, fault.detail) for fault in found]
    if faults:
        raise InvalidRequest(faults)
    read: dict[str, Any] = form.validated_data
    return read


def read_body(shape: type[Body], body: Any) -> dict[str, Any]:
    """Return the body's values by the names of the shape; raise ValidationError with every fault."""
    form = shape(data=body)
    if not form.is_valid():
        raise ValidationError(form.errors)
    values: dict[str, Any] = form.validated_data
    return values
