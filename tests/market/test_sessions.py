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


# What a system's folder of zones has besides those of IANA, and their names written otherwise.
NOT_IANA = (
    *("posixrules", "localtime", "Factory", "leapseconds", "leap-seconds.list", "tzdata.zi", "tzdata", "zone.tab"),
    *("posix/UTC", "posix/Europe/London", "right/UTC", "right/Europe/London", "posix", "right", "Europe", "+VERSION"),
    *("europe/london", "EUROPE/LONDON", "utc", "Utc", "UTC ", " UTC", "UTC\n", "Europe/London/", "./UTC", "Etc/../UTC"),
)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "A\x00", *NOT_IANA])
def test_a_zone_that_is_none(name: str) -> None:
    with pytest.raises(TimezoneUnknown):
        zone_of(name)


def test_what_was_stored_before_is_read() -> None:
    found = session_ids(np.array([0, 86_400_000_000_000]), "Factory")
    assert found is not None
    assert found.tolist() == [0, 1]


@pytest.mark.parametrize("name", ["UTC", "Etc/GMT+5", "America/Argentina/Ushuaia", "US/Eastern", "EST5EDT", "Zulu"])
def test_old_names_of_iana_are_zones(name: str) -> None:
    assert zone_of(name).key == name
