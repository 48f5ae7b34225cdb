"""JSON out: what has no number is null, and times are in UTC."""

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import numpy as np
import pytest

from api.rendering import dump


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (np.float64("nan"), None),
        (np.array([1.5, np.nan, -np.inf]), [1.5, None, None]),
        (np.arange(6, dtype=np.int64)[::2], [0, 2, 4]),
        (np.array([1.0, np.nan, 3.0])[::-1], [3.0, None, 1.0]),
        (np.array([[1, 2], [3, 4]]).T, [[1, 3], [2, 4]]),
        (np.int64(5), 5),
        (datetime(2024, 1, 31, tzinfo=UTC), "2024-01-31T00:00:00Z"),
        (datetime(2024, 1, 31, 2, tzinfo=timezone(timedelta(hours=2))), "2024-01-31T02:00:00+02:00"),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
    ],
)
def test_values(value: object, expected: object) -> None:
    assert json.loads(dump({"value": value})) == {"value": expected}


def test_what_has_no_form_is_a_bug() -> None:
    with pytest.raises(TypeError):
        dump({"value": object()})
