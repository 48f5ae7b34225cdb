"""The words of a request over REST: names, groups that are meant, and answers shared by what means the same."""

from typing import Any

from tests.api.conftest import Caller
from tests.api.test_results import finished


def notes(api: Caller, job: dict[str, Any]) -> list[str]:
    return [note["code"] for note in api.get(job["links"]["result"]).json()["quality"]]


def test_names_of_a_request_are_columns_of_later_ones(api: Caller) -> None:
    job = finished(api, analyses=["fast = sma(3)", "above = close > fast", "within(above, 2)"], output="all")
    assert job["analyses"] == ["fast = sma(period=3)", "above = close > fast", "within(above, 2)"]
    result = api.get(job["links"]["result"]).json()
    assert list(result["columns"]) == ["fast", "above", "within(above, 2)"]
    one = api.get(f"{job['links']['result']}?columns=within(close%20%3E%20sma(3),%202)").json()
    assert list(one["columns"]) == ["within(above, 2)"]


def test_a_bare_word_that_means_a_group_carries_a_note_and_an_object_does_not(api: Caller) -> None:
    said = finished(api, analyses=["volume"], output="all")
    meant = finished(api, analyses=[{"group": "volume"}], output="all")
    assert said["analyses"] == meant["analyses"]
    assert "group_meant" in notes(api, said)
    assert "group_meant" not in notes(api, meant)


def test_other_words_for_the_same_are_answered_from_the_stored_result(api: Caller) -> None:
    first = finished(api, analyses=["x = rsi(14)", "y = x < 30"])
    again = finished(api, analyses=["x = RSI", "y = rsi < 30"])
    other = finished(api, analyses=["x = rsi", "y = x <= 30"])
    assert (first["reused"], again["reused"], other["reused"]) == (False, True, False)
    assert again["fingerprint"] == first["fingerprint"] != other["fingerprint"]
