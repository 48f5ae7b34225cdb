"""The OpenAPI document as it is served: the same for everybody, whatever is asked, and made once."""

from unittest.mock import patch

import pytest
import yaml
from django.conf import settings
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from api import document

YAML, JSON = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"
SCHEMA = "/api/v1/schema"


def test_it_is_the_committed_one_as_yaml_and_as_json(client: Client) -> None:
    committed = yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text())
    plain, as_json = client.get(SCHEMA), client.get(SCHEMA, headers={"Accept": JSON})
    assert yaml.safe_load(plain.content) == committed
    assert as_json.json() == committed
    assert plain["Content-Type"].startswith(f"{YAML};")
    assert as_json["Content-Type"].startswith(f"{JSON};")
    assert as_json["Content-Disposition"] == 'inline; filename="openapi.json"'


@pytest.mark.parametrize("query", ["version=%0d%0aX:1", "version=%0a", "version=9", "lang=de", "lang=%00", "format=x"])
def test_nothing_that_is_asked_gets_into_it(client: Client, query: str) -> None:
    plain, asked = client.get(SCHEMA), client.get(f"{SCHEMA}?{query}")
    assert asked.status_code == 200
    assert asked.content == plain.content
    assert asked["Content-Disposition"] == plain["Content-Disposition"]


def test_it_is_made_once_in_each_form(client: Client) -> None:
    document.written.cache_clear()
    with patch.object(SchemaGenerator, "get_schema", autospec=True, side_effect=SchemaGenerator.get_schema) as made:
        for accept in (YAML, JSON) * 2:
            assert client.get(SCHEMA, headers={"Accept": accept}).status_code == 200
    assert made.call_count == 2


def test_no_credentials_are_asked_for_or_looked_at(client: Client) -> None:
    assert client.get(SCHEMA, headers={"Authorization": "Api-Key wrong"}).status_code == 200
    assert client.post(SCHEMA).status_code == 405
