"""JSON out: numpy arrays as they are, NaN as null, times as ISO 8601 in UTC with a Z."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def dump(data: Any) -> bytes:
    """Return the JSON of plain values, numpy arrays among them; this is where NaN and infinity become null."""
    return orjson.dumps(data, default=_otherwise, option=_OPTIONS)


def _otherwise(value: Any) -> Any:
    # Strided arrays, which orjson does not read in place.
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


class JSONRenderer(BaseRenderer):
    """Render what views answer."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Return the bytes of the answer's body; none for an answer without one."""
        return b"" if data is None else dump(data)
