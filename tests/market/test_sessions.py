from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from market.errors import TimezoneUnknown
from market.sessions import session_ids, zone_of


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Tokyo"]
)
def test_a_session_is_a_calendar_day_of_the_zone(zone: str) -> None:
    first, step = int(datetime(2011, 12, 1, tzinfo=UTC).timestamp()), 17 * 60
    seconds = first + step * np.arange(40_000, dtype=np.int64)
    found = session_ids(seconds * 1_000_000_000, zone)
    epoch = datetime(1970, 1, 1, tzinfo=UTC).toordinal()
    expected = [datetime.fromtimestamp(int(s), tz=ZoneInfo(zone)).toordinal() - epoch for s in seconds]
    assert found is not None
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, expected)


def test_utc_days_are_left_to_the_engine() -> None:
    assert session_ids(np.arange(3), "UTC") is None


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "A\x00"])
def test_a_zone_that_is_none(name: str) -> None:
    with pytest.raises(TimezoneUnknown):
        zone_of(name)
