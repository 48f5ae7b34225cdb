"""Without a database every route says so, and when to come back; none answers 500."""

from pathlib import Path

import httpx2
from drf_spectacular.generators import SchemaGenerator

from tests.api.server import served

PLACES = {"job_id": "0198c0de-0000-7000-8000-000000000000", "timeframe": "1d", "name": "x", "prefix": "0" * 12}
PLACES["version"] = "2.0.0"
KEY = f"Api-Key gta_{'0' * 12}_{'x' * 43}"
PASSWORD = {"username": "owner", "password": "a long password"}


def test_every_route_answers_503_with_retry_after(tmp_path: Path) -> None:
    document = SchemaGenerator().get_schema(request=None, public=True)
    # What a token that is none is refused for stands in the token.
    routes = {path: verbs for path, verbs in document["paths"].items() if not path.endswith(("/schema", "/refresh"))}
    nowhere = f"sqlite:///{tmp_path / 'no such folder' / 'file'}"
    with served(tmp_path, DATABASE_URL=nowhere) as address, httpx2.Client(base_url=address, timeout=30) as http:
        for path, verbs in routes.items():
            place = path.format(**PLACES, symbol="X")
            for verb in verbs:
                body = PASSWORD if path.endswith("/token") else {} if verb in {"post", "put", "patch"} else None
                answer = http.request(verb.upper(), place, json=body, headers={"Authorization": KEY})
                assert answer.status_code == 503, (verb, path, answer.text)
                assert answer.json()["code"] == "database_unavailable"
                assert answer.headers["Retry-After"] == "5"
        assert http.get("/health/live").status_code == 200
    assert len(routes) > 20
    assert "database_unavailable" in (tmp_path / "api.log").read_text()
