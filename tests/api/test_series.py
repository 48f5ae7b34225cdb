"""Series over HTTP: upload, list, read, continue, delete."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import DAY_MS, bars, with_value

SERIES = "/api/v1/series"


def upload(api: Caller, symbol: str = "BTC/USDT", **changes: Any) -> Any:
    return api.post(SERIES, {"symbol": symbol, "timeframe": "1d", "bars": bars(40), **changes})


def later(count: int, start: int = 40) -> dict[str, Any]:
    columns = bars(count)
    columns["time"] = [DAY_MS * (18_000 + start + n) for n in range(count)]
    return columns


def test_upload_and_read_back(api: Caller) -> None:
    response = upload(api, name="Bitcoin", source="exchange", adjustment="raw")
    assert response.status_code == 201, response.content
    assert response["Location"] == f"{SERIES}/BTC/USDT/1d"
    body = api.get(response["Location"]).json()
    sent = bars(40)
    for column in ("time", "open", "high", "low", "close", "volume"):
        assert body[column] == sent[column]
    assert body["bars"]["count"] == 40
    assert body["shared"] is False
    assert (body["name"], body["source"], body["adjustment"]) == ("Bitcoin", "exchange", "raw")


def test_a_range_of_bars(api: Caller) -> None:
    upload(api, "AAPL")
    path = f"{SERIES}/AAPL/1d"
    assert api.get(f"{path}?last=5").json()["time"] == bars(40)["time"][-5:]
    part = api.get(f"{path}?start=2019-04-20T00:00:00Z&end=2019-04-22T00:00:00+00:00").json()
    assert len(part["time"]) == 2
    assert faults(api.get(f"{path}?start=2019-04-20")) == {("?start", "naive_time")}


def test_an_unknown_volume_is_null(api: Caller) -> None:
    sent = with_value("volume", 3, None)
    upload(api, "AAPL", bars=sent)
    assert api.get(f"{SERIES}/AAPL/1d").json()["volume"][3] is None
    upload(api, "IBM", bars={name: column for name, column in bars().items() if name != "volume"})
    assert api.get(f"{SERIES}/IBM/1d").json()["volume"] is None


def test_a_tag_spares_the_second_reading(api: Caller) -> None:
    upload(api, "AAPL")
    first = api.get(f"{SERIES}/AAPL/1d")
    assert api.get(f"{SERIES}/AAPL/1d", If_None_Match=first["ETag"]).status_code == 304
    api.post(f"{SERIES}/AAPL/1d", {"bars": later(2)})
    assert api.get(f"{SERIES}/AAPL/1d", If_None_Match=first["ETag"]).status_code == 200


def test_append(api: Caller) -> None:
    upload(api, "AAPL")
    response = api.post(f"{SERIES}/AAPL/1d", {"bars": later(3)})
    assert response.status_code == 200, response.content
    assert response.json()["bars"]["count"] == 43
    problem(api.post(f"{SERIES}/AAPL/1d", {"bars": later(3)}), 409, "not_after_stored")
    again = api.post(f"{SERIES}/AAPL/1d", {"bars": later(2, start=42), "replace_last": True})
    assert again.json()["bars"]["count"] == 44


def test_the_list_is_paged_and_filtered(api: Caller, walks: list[str]) -> None:
    upload(api, "AAPL")
    seen: list[str] = []
    path = f"{SERIES}?limit=3"
    while path:
        page = api.get(path).json()
        seen += [series["symbol"] for series in page["items"]]
        path = f"{SERIES}?limit=3&cursor={page['next']}" if page["next"] else ""
    assert seen == ["AAPL", *walks]
    assert [series["symbol"] for series in api.get(f"{SERIES}?symbol=w3").json()["items"]] == ["W3"]
    assert api.get(f"{SERIES}?timeframe=1h").json()["items"] == []
    problem(api.get(f"{SERIES}?cursor=x"), 422, "invalid_cursor")


def test_ones_own_series_hides_the_shared_one_until_it_is_deleted(api: Caller, walks: list[str]) -> None:
    path = f"{SERIES}/W0/1d"
    assert api.get(path).json()["shared"] is True
    problem(api.delete(path), 404, "unknown_series")
    problem(api.post(path, {"bars": later(1)}), 404, "unknown_series")
    upload(api, "W0")
    assert api.get(path).json()["shared"] is False
    assert api.delete(path).status_code == 204
    assert api.get(path).json()["shared"] is True


def test_nobody_sees_anothers_series(api: Caller, stranger: AbstractUser) -> None:
    upload(api, "AAPL")
    other = Caller(stranger)
    assert other.get(SERIES).json()["items"] == []
    for response in (
        other.get(f"{SERIES}/AAPL/1d"),
        other.get(f"{SERIES}/AAPL/1d/quality"),
        other.post(f"{SERIES}/AAPL/1d", {"bars": later(1)}),
        other.delete(f"{SERIES}/AAPL/1d"),
    ):
        problem(response, 404, "unknown_series")
    assert api.get(f"{SERIES}/AAPL/1d").json()["bars"]["count"] == 40


def test_the_quality_report(api: Caller) -> None:
    upload(api, "AAPL", bars=with_value("volume", 3, 0))
    report = api.get(f"{SERIES}/AAPL/1d/quality").json()
    assert report["bars"] == 30
    assert report["findings"]["zero_volume"]["count"] == 1


BAD = {
    "unknown field": ({"colour": "red"}, ("/colour", "unknown_field")),
    "symbol missing": ({"symbol": ...}, ("/symbol", "missing")),
    "symbol a number": ({"symbol": 5}, ("/symbol", "wrong_type")),
    "symbol with a blank": ({"symbol": "A B"}, ("/symbol", "invalid_symbol")),
    "timeframe": ({"timeframe": "7x"}, ("/timeframe", "unknown_timeframe")),
    "adjustment": ({"adjustment": "some"}, ("/adjustment", "unknown_adjustment")),
    "timezone": ({"timezone": "Mars/Base"}, ("/timezone", "unknown_timezone")),
    "timezone of the machine": ({"timezone": "localtime"}, ("/timezone", "unknown_timezone")),
    "timezone by another path": ({"timezone": "posix/UTC"}, ("/timezone", "unknown_timezone")),
    "bars of another symbol": ({"bars": bars(symbol="MSFT")}, ("/bars/symbol", "symbol_differs")),
    "bars of another timeframe": ({"timeframe": "1h"}, ("/bars/timeframe", "timeframe_differs")),
    "bars missing": ({"bars": ...}, ("/bars", "missing")),
    "bars unsorted": ({"bars": with_value("time", 5, DAY_MS)}, ("/bars/time/5", "not_sorted")),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_uploads_store_nothing(api: Caller, nothing_stored: Callable[[], bool], case: str) -> None:
    changes, expected = BAD[case]
    body = {"symbol": "AAPL", "timeframe": "1d", "bars": bars(40)} | changes
    assert expected in faults(api.post(SERIES, {k: v for k, v in body.items() if v is not ...}))
    assert nothing_stored()


@pytest.mark.parametrize(
    "path",
    [f"{SERIES}/A%00B/1d", f"{SERIES}/AAPL/7x", f"{SERIES}/{'A' * 500}/1d", f"{SERIES}/A%20B/1d", f"{SERIES}/../1d"],
)
def test_addresses_that_cannot_be(api: Caller, path: str) -> None:
    problem(api.get(path), 404)
