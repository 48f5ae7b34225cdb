"""The OpenAPI document: valid, current in the repository, and every route tells its problems."""

from io import StringIO
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

COMMITTED = settings.BASE_DIR / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    printed = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=printed)
    loaded: dict[str, Any] = yaml.safe_load(printed.getvalue())
    return loaded


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_committed_document_is_current(document: dict[str, Any]) -> None:
    assert yaml.safe_load(COMMITTED.read_text()) == document, (
        "The API has changed: run `make openapi` and commit docs/openapi.yaml."
    )


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == settings.SPECTACULAR_SETTINGS["VERSION"]


def test_every_route_is_in_it(document: dict[str, Any]) -> None:
    routes = {
        "/" + str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        for pattern in getattr(resolver, "url_patterns", [])
        if str(pattern.pattern).startswith("api/v1/") and pattern.name != "schema"
    }
    plain = {"/".join(_parameter(step) for step in route.split("/")) for route in routes}
    assert plain == set(document["paths"])


def _parameter(step: str) -> str:
    return "{" + step.strip("<>").split(":")[-1] + "}" if step.startswith("<") else step


def test_every_route_documents_its_problems(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        answers = operation["responses"]
        problems = {code for code in answers if code >= "400"}
        for code in problems:
            schema = answers[code]["content"]["application/problem+json"]["schema"]
            assert schema["$ref"].endswith("/Problem"), (path, method, code)
            assert answers[code]["description"]
        expected = {"500", "406"}
        expected |= {"401"} if path.startswith("/api/v1/token") else {"401", "403"}
        expected |= {"404"} if "{" in path and method in ("get", "delete") else set()
        expected |= {"400", "411", "413", "415", "422"} if "requestBody" in operation else set()
        expected |= {"422"} if any(p["in"] == "query" for p in operation.get("parameters", [])) else set()
        assert expected <= problems, (path, method, expected - problems)
        assert operation["summary"]
        assert any(code < "400" for code in answers)


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)


def test_document_and_page_are_open_to_all(db: None, client: Client) -> None:
    assert client.get("/api/v1/schema").status_code == 200
    page = client.get("/docs", headers={"Authorization": "Bearer nonsense"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "/static/drf_spectacular_sidecar/" in text
    assert "https://" not in text


def test_the_guide_names_every_route(document: dict[str, Any]) -> None:
    guide = (settings.BASE_DIR / "docs" / "api.md").read_text()
    for path in document["paths"]:
        assert f"`{path.removeprefix('/api/v1')}`" in guide, path


def test_every_resource_has_its_place_in_the_documentation_jobs_first(document: dict[str, Any]) -> None:
    named = [tag["name"] for tag in document["tags"]]
    used = {tag for path in document["paths"].values() for verb in path.values() for tag in verb["tags"]}
    assert named[0] == "jobs"
    assert sorted(named) == sorted(used)
