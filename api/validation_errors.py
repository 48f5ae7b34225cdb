"""A serializer's errors as faults: one for each, with the JSON pointer to the value it is about."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rest_framework.exceptions import ErrorDetail
from rest_framework.settings import api_settings

from analysis.errors import Fault
from market.pointers import step

# The framework's codes in the words that the rest of the system uses.
_CODES = {
    "required": "missing",
    "null": "missing",
    "invalid": "wrong_type",
    "not_a_list": "wrong_type",
    "not_a_dict": "wrong_type",
    "blank": "empty",
    "max_length": "too_long",
    "min_length": "too_short",
    "max_value": "out_of_bounds",
    "min_value": "out_of_bounds",
    "invalid_choice": "unknown_choice",
}


def faults_in(errors: Any, pointer: str = "") -> list[Fault]:
    """Return every fault of a serializer's nested errors, in their order."""
    return list(_walk(errors, pointer))


def _walk(errors: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            here = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _walk(inner, pointer if here else f"{pointer}/{step(name)}")
    elif isinstance(errors, Sequence) and not isinstance(errors, str):
        for index, inner in enumerate(errors):
            # A list holds either the errors of one value, or for each element its errors.
            yield from _walk(inner, pointer if isinstance(inner, str) else f"{pointer}/{index}")
    else:
        code = (errors.code if isinstance(errors, ErrorDetail) else None) or "invalid"
        yield Fault(pointer, _CODES.get(code, code), str(errors))
