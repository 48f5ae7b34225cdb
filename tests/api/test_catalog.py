"""The catalogue over HTTP."""

from django.conf import settings

from analysis import Plan
from analysis.language.grammar import HANDED
from api.v1.catalog import EntrySerializer, OutputSerializer, ParamSerializer
from ml.family import FAMILIES
from tests.api.conftest import Caller, problem


def test_it_lists_what_can_be_asked_for_and_the_limits(api: Caller) -> None:
    response = api.get("/api/v1/catalog")
    body = response.json()
    names = {entry["name"] for entry in body["items"]}
    assert {"rsi", "macd", "atr"} <= names
    assert len(names) == len(body["items"])
    assert body["limits"]["bars_per_series"] == settings.SERIES_MAX_BARS
    assert body["limits"]["body_bytes"] == settings.BODY_MAX_BYTES
    assert api.get("/api/v1/catalog", If_None_Match=response["ETag"]).status_code == 304


def test_one_entry_by_name_or_alias(api: Caller) -> None:
    entry = api.get("/api/v1/catalog/rsi").json()
    assert entry["name"] == "rsi"
    assert entry["params"]
    assert entry["outputs"]
    for alias in entry["aliases"]:
        assert api.get(f"/api/v1/catalog/{alias}").json() == entry
    problem(api.get("/api/v1/catalog/nonsense"), 404, "unknown_analysis")


def test_every_entry_is_at_its_own_address(api: Caller) -> None:
    for entry in api.get("/api/v1/catalog").json()["items"]:
        assert api.get(f"/api/v1/catalog/{entry['name']}").json() == entry


def test_entries_are_what_the_document_says(api: Caller) -> None:
    for entry in api.get("/api/v1/catalog").json()["items"]:
        assert entry.keys() == set(EntrySerializer().fields)
        for shape, items in ((ParamSerializer, entry["params"]), (OutputSerializer, entry["outputs"])):
            fields = shape().fields
            required = {name for name, field in fields.items() if field.required}
            assert all(required <= item.keys() <= set(fields) for item in items), entry["name"]


def test_it_has_what_models_say_with_the_columns_that_conditions_may_ask_for(api: Caller) -> None:
    words = {word["name"]: word for word in api.get("/api/v1/catalog").json()["models"]}
    assert words.keys() == {*FAMILIES, "expected_range"} == set(HANDED)
    for name, word in words.items():
        assert word["title"]
        assert len(word["outputs"]) > 3
        for output in word["outputs"]:
            assert Plan.parse([f"{name}.{output} > 0"]).handed == {f"{name}.{output}"}
        for param in word["params"]:
            assert Plan.parse([{"name": name, "params": {param["name"]: param["default"]}}]).keys
        refused = problem(api.get(f"/api/v1/catalog/{name}"), 404, "unknown_analysis")
        assert "models" in refused["detail"]
