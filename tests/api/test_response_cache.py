"""Replays: the same answers as Django's, of final answers alone, for a moment, counted and logged like the others."""

import io
import sys
import time
from typing import Any

import httpx2
import orjson
import pytest
from django.contrib.auth.models import AbstractUser
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone
from prometheus_client import REGISTRY

from accounts.models import ApiKey
from accounts.services.keys import revoke
from api import response_cache
from api.response_cache import ResponseCache
from ops import replays
from tests.api.conftest import Caller
from tests.api.server import client_of, served
from tests.api.test_jobs import JOBS, submitted
from tests.api.test_results import finished

pytestmark = pytest.mark.django_db(transaction=True)

# What may differ between an answer and its replay.
OF_EACH = ("x-request-id", "date", "ratelimit", "ratelimit-policy")
Answer = tuple[str, dict[str, str], bytes]


class Django:
    """Django as a WSGI application, which counts how often it is asked."""

    def __init__(self) -> None:
        self.count = 0
        self._handler = WSGIHandler()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.count += 1
        return self._handler(environ, start_response)


class Front:
    """A response cache and the Django behind it, asked as a WSGI server does."""

    def __init__(self, **options: Any) -> None:
        self.django = Django()
        self.fast = ResponseCache(self.django, **{"seconds": 10, "max_bytes": 1 << 20, "per_second": 1_000, **options})

    def ask(self, caller: Caller, target: str, method: str = "GET", application: Any = None, **headers: str) -> Answer:
        path, _, query = target.partition("?")
        given = {**caller.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items()},
        }
        told: list[Any] = []
        parts = (application or self.fast)(environ, lambda status, headers, *_: told.extend((status, headers)))
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        return told[0], {name.lower(): value for name, value in told[1]}, body

    def is_asked(self, caller: Caller, target: str, **headers: str) -> bool:
        """Tell whether a request came as far as Django."""
        before = self.django.count
        self.ask(caller, target, **headers)
        return self.django.count > before


@pytest.fixture
def front() -> Front:
    return Front()


def alike(answer: Answer) -> Answer:
    status, headers, body = answer
    return status, {name: value for name, value in headers.items() if name not in OF_EACH}, body


def test_a_replay_is_the_answer(api: Caller, front: Front) -> None:
    job = finished(api, output="all")
    self_path, result = job["links"]["self"], job["links"]["result"]
    tag = front.ask(api, result)[1]["etag"]
    targets: list[tuple[str, dict[str, str]]] = [
        (self_path, {}),
        (f"{self_path}?wait=5", {}),
        (result, {}),
        (f"{result}?columns=rsi&last=3", {}),
        (result, {"If_None_Match": tag}),
        (result, {"If_None_Match": "*"}),
        (result, {"Accept": "application/x-ndjson"}),
        (result, {"Accept": "text/csv"}),
        (result, {"Accept": "application/vnd.apache.parquet"}),
        (job["links"]["chart"], {}),
    ]
    for target, headers in targets:
        straight = front.ask(api, target, application=front.django, **headers)
        first = front.ask(api, target, **headers)
        before = front.django.count
        again = front.ask(api, target, **headers)
        assert front.django.count == before, (target, headers)
        assert alike(again) == alike(first) == alike(straight), (target, headers)
        assert again[1]["x-request-id"] != first[1]["x-request-id"]
        assert straight[0][:3] in ("200", "304")


def test_only_final_answers_are_replayed(api: Caller, anonymous: Caller, front: Front) -> None:
    under_way = submitted(api, analyses=["sma"])  # of its own, or the others would wait for it
    deleted = finished(api)
    assert api.delete(deleted["links"]["self"]).status_code == 204
    over = finished(api)
    asked: list[tuple[Caller, str, dict[str, str]]] = [
        (api, under_way["links"]["self"], {}),
        (api, under_way["links"]["result"], {}),
        (api, f"{JOBS}/counts", {}),
        (api, JOBS, {}),
        (api, deleted["links"]["self"], {}),
        (api, f"{over['links']['result']}?last=0", {}),
        (api, over["links"]["result"], {"Accept": "application/xml"}),
        (api, over["links"]["result"].replace(over["id"], "0" * 8 + over["id"][8:]), {}),
        (anonymous, over["links"]["result"], {}),
        (anonymous, over["links"]["result"], {"Authorization": "Api-Key nonsense"}),
        (api, f"{JOBS}/nonsense", {}),
    ]
    for caller, target, headers in asked:
        for _ in range(2):
            assert front.is_asked(caller, target, **headers), target


def test_nobody_gets_anothers_answer(
    api: Caller, stranger: AbstractUser, owner: AbstractUser, anonymous: Caller, front: Front
) -> None:
    job = finished(api)
    path = job["links"]["self"]
    for _ in range(2):
        assert front.ask(api, path)[0].startswith("200")
        assert front.ask(Caller(stranger), path)[0].startswith("404")
        assert front.ask(anonymous, path)[0].startswith("401")
        assert front.ask(Caller(owner, scopes=("submit",)), path)[0].startswith("403")
        assert front.ask(api, path, Host="elsewhere.example")[0].startswith("400")
    assert front.is_asked(Caller(owner), path)  # the owner's other key is asked for itself


def test_a_job_that_was_cancelled_or_deleted_is_asked_anew(api: Caller, front: Front) -> None:
    job = finished(api)
    for target in (job["links"]["self"], job["links"]["result"]):
        front.ask(api, target)
        assert not front.is_asked(api, target)
    assert front.ask(api, job["links"]["self"], method="DELETE")[0].startswith("204")
    assert front.ask(api, job["links"]["self"])[0].startswith("410")
    assert front.ask(api, job["links"]["result"])[0].startswith("410")


@pytest.mark.alone
def test_a_revoked_key_is_refused_at_once_here_and_elsewhere_when_the_time_is_over(api: Caller) -> None:
    short = Front(seconds=0.3)
    front = Front()
    path = finished(api)["links"]["self"]
    for each in (short, front):
        each.ask(api, path)
        assert not each.is_asked(api, path)
    ApiKey.objects.update(revoked_at=timezone.now())  # as another process does it
    time.sleep(0.3)
    assert short.ask(api, path)[0].startswith("401")
    assert front.ask(api, path)[0].startswith("200")
    ApiKey.objects.update(revoked_at=None)
    revoke([ApiKey.objects.get().pk], now=timezone.now())
    assert front.ask(api, path)[0].startswith("401")


def test_no_answer_is_older_than_a_minute() -> None:
    assert Front(seconds=3_600).fast._seconds == response_cache.LONGEST_SECONDS == 60


def test_what_is_kept_is_bounded(api: Caller) -> None:
    front = Front(max_bytes=40_000)
    path = finished(api)["links"]["self"]
    for n in range(100):
        front.ask(api, f"{path}?wait=1", Accept=f"application/json, text/x{n}")
        assert front.fast._bytes <= 40_000
    assert 1 < len(front.fast._kept) < 30
    assert not front.is_asked(api, f"{path}?wait=1", Accept="application/json, text/x99")
    assert front.is_asked(api, f"{path}?wait=1", Accept="application/json, text/x0")
    large = "x" * 5_000
    assert front.is_asked(api, path, Accept=f"*/*, text/{large}") == front.is_asked(
        api, path, Accept=f"*/*, text/{large}"
    )
    front.fast.forget_all()
    assert (front.fast._bytes, len(front.fast._kept), len(front.fast._keys_of)) == (0, 0, 0)


def test_an_answer_too_large_is_not_kept(api: Caller) -> None:
    front = Front(max_bytes=8_000)
    path = finished(api, output="all")["links"]["result"]
    assert [front.is_asked(api, path) for _ in range(2)] == [True, True]


@pytest.mark.alone
def test_beyond_so_many_a_second_django_decides(api: Caller) -> None:
    front = Front(per_second=3)
    path = finished(api)["links"]["self"]
    asked = [front.is_asked(api, path) for _ in range(8)]
    assert asked[:4] == [True, False, False, False]
    assert any(asked[4:])
    time.sleep(0.7)
    assert not front.is_asked(api, path)


def test_a_request_with_a_body_is_not_replayed(api: Caller, front: Front) -> None:
    path = finished(api)["links"]["self"]
    front.ask(api, path)
    environ_length = {"CONTENT_LENGTH": "3"}
    before = front.django.count

    def with_body(environ: dict[str, Any], start_response: Any) -> Any:
        return front.fast({**environ, **environ_length}, start_response)

    front.ask(api, path, application=with_body)
    assert front.django.count == before + 1


def test_replays_are_counted_and_logged_like_others(
    api: Caller, front: Front, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replays.logging.getLogger("access"), "level", 20)
    replays.logging.getLogger("access").manager._clear_cache()
    path = finished(api)["links"]["self"]
    route = {"method": "GET", "route": "/api/v1/jobs/<uuid:job_id>"}

    def counted() -> tuple[float, ...]:
        replays.flush()
        values = (
            ("http_requests_total", {**route, "status": "200"}),
            ("http_request_duration_seconds_count", route),
            ("cache_requests_total", {"cache": "replays"}),
            ("cache_hits_total", {"cache": "replays"}),
        )
        return tuple(REGISTRY.get_sample_value(name, labels) or 0.0 for name, labels in values)

    before = counted()
    for n in range(3):
        _, headers, _ = front.ask(api, path, X_Request_Id=f"trace-{n}")
        assert headers["x-request-id"] == f"trace-{n}"
    front.ask(api, path, X_Request_Id='forged"}\n{')
    assert [now - then for now, then in zip(counted(), before, strict=True)] == [4, 4, 4, 3]
    lines = [orjson.loads(line) for line in capsys.readouterr().err.splitlines() if '"replayed":true' in line]
    assert [line["request_id"] for line in lines[:2]] == ["trace-1", "trace-2"]
    assert len(lines) == 3
    assert lines[2]["request_id"].isalnum()
    for line in lines:
        assert line.keys() >= {"timestamp", "duration", "owner", "api_key", "logger"}
        assert (line["event"], line["method"], line["path"], line["status_code"]) == (
            "request_completed",
            "GET",
            path,
            200,
        )
    replays.logging.getLogger("access").manager._clear_cache()


def test_it_is_served(api: Caller, owner: AbstractUser, tmp_path: Any, cache: Any, broker: Any) -> None:
    job = finished(api)
    with served(tmp_path) as address, client_of(address, owner) as http:

        def hits() -> float:
            metrics = httpx2.get(f"{address}/metrics").text
            found = [line for line in metrics.splitlines() if line.startswith('cache_hits_total{cache="replays"')]
            return float(found[0].split()[-1]) if found else 0.0

        first = http.get(job["links"]["result"])
        again = http.get(job["links"]["result"])
        time.sleep(2 * replays.FLUSH_SECONDS)
        assert hits() == 1
        assert again.json() == first.json()
        told = [{n: v for n, v in answer.headers.items() if n not in OF_EACH} for answer in (first, again)]
        assert told[0] == told[1]
        assert http.delete(job["links"]["self"]).status_code == 204
        assert http.get(job["links"]["result"]).status_code == 410


def test_a_replay_is_for_the_key_in_whichever_header_alone(api: Caller, anonymous: Caller) -> None:
    front = Front()
    path = f"{JOBS}/{finished(api)['id']}"
    key = api.headers["Authorization"].partition(" ")[2]
    for _ in range(2):
        assert front.ask(anonymous, path, **{"X-API-Key": key})[0].startswith("200")
    assert not front.is_asked(anonymous, path, **{"X-API-Key": key})
    assert front.ask(anonymous, path)[0].startswith("401")
    assert front.ask(anonymous, path, **{"X-API-Key": "gta_" + "x" * 56})[0].startswith("401")
