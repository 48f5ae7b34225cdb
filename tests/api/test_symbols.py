"""A symbol that there is goes through every door and comes out as it is; one that cannot be is refused at each."""

import csv
import io
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pyarrow.parquet as parquet
import pytest
from django.contrib.auth.models import AbstractUser
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from jobs.models import Chunk, Job, Tombstone
from jobs.services.run_chunk import run_chunk
from market.models import BarSeries
from tests.api.conftest import Caller, faults, problem
from tests.api.server import client_of, served
from tests.api.test_bad_input import bars
from tests.api.test_series import later, upload
from tests.market.test_symbols import HOSTILE, SYMBOLS

SERIES, JOBS = "/api/v1/series", "/api/v1/jobs"
every = pytest.mark.parametrize("symbol", SYMBOLS)


def paths(symbol: str) -> Iterator[str]:
    """Yield the ways of writing the symbol's address: as it is answered, every mark encoded, small letters."""
    yield f"{SERIES}/{quote(symbol, safe='/&=:')}/1d"
    yield f"{SERIES}/{quote(symbol, safe='')}/1d"
    yield f"{SERIES}/{quote(symbol.lower(), safe='')}/1d"


def done(api: Caller, body: dict[str, Any]) -> str:
    """Submit a job, run it, and return its path."""
    answer = api.post(JOBS, body)
    assert answer.status_code == 202, answer.content
    for chunk in Chunk.objects.filter(job=answer.json()["id"]):
        run_chunk(chunk.pk, clock=timezone.now)
    assert Job.objects.get(pk=answer.json()["id"]).state == "succeeded"
    return str(answer["Location"])


@every
def test_its_series_is_stored_found_continued_and_deleted(api: Caller, symbol: str) -> None:
    stored = upload(api, symbol)
    assert (stored.status_code, stored.json()["symbol"]) == (201, symbol)
    for path in (stored["Location"], *paths(symbol)):
        assert api.get(path).json()["symbol"] == symbol
        assert api.get(f"{path}/quality").status_code == 200
    assert api.post(stored["Location"], {"bars": later(3)}).json()["bars"]["count"] == 43
    listed = api.get(f"{SERIES}?symbol={quote(symbol)}").json()["items"]
    assert [one["symbol"] for one in listed] == [symbol]
    first = api.get(f"{SERIES}?limit=1").json()
    assert first["items"][0]["links"]["self"] == stored["Location"]
    assert api.delete(stored["Location"]).status_code == 204
    problem(api.get(stored["Location"]), 404, "unknown_series")


@every
@pytest.mark.parametrize("inline", [True, False])
def test_its_result_comes_in_every_form(api: Caller, symbol: str, inline: bool) -> None:
    upload(api, symbol)
    given = {"bars": {**bars(40), "symbol": symbol, "timeframe": "1d"}} if inline else {"symbols": [symbol]}
    path = done(api, {"analyses": ["sma(3)"], "output": 2, **given})
    result, asked = f"{path}/result", f"{path}/result?symbol={quote(symbol, safe='')}"
    assert api.get(result).json()["symbol"] == symbol
    assert api.get(asked).json()["symbol"] == symbol
    assert httpx2.Response(200, content=read(api.get(asked, Accept="application/x-ndjson"))).json()["symbol"] == symbol
    rows = list(csv.DictReader(io.StringIO(read(api.get(asked, Accept="text/csv")).decode())))
    assert {row["symbol"] for row in rows} == {symbol}
    packed = api.get(asked, Accept="application/vnd.apache.parquet")
    table = parquet.read_table(io.BytesIO(read(packed)))
    assert set(table.column("symbol").to_pylist()) == {symbol}
    for answer in (packed, api.get(asked, Accept="text/csv")):
        assert set(answer.headers.get("Content-Disposition", "")).isdisjoint("\r\n&/^")
    chart = api.get(f"{path}/chart.svg?symbol={quote(symbol, safe='')}")
    assert f"<title>{escape(symbol)}</title>" in chart.content.decode()
    if not inline:
        assert [one["id"] for one in api.get(f"{JOBS}?symbol={quote(symbol, safe='')}").json()["items"]] == [path[-36:]]


def read(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@every
def test_a_universe_holds_it_and_a_job_takes_it_from_there(api: Caller, symbol: str) -> None:
    upload(api, symbol)
    assert api.put("/api/v1/universes/mine", {"symbols": [symbol]}).json()["symbols"] == [symbol]
    path = done(api, {"analyses": ["sma(3)"], "universe": "mine"})
    assert api.get(f"{path}/result").json()["symbol"] == symbol
    assert api.delete(path).status_code == 204
    call_command("verify_archives", stdout=io.StringIO())
    assert Tombstone.objects.count() == 1


@every
def test_the_admin_shows_it_as_text(api: Caller, admin_client: Client, symbol: str) -> None:
    upload(api, symbol)
    path = done(api, {"analyses": ["sma(3)"], "symbols": [symbol]})
    series = BarSeries.objects.get()
    pages = ("market/barseries/", f"market/barseries/{series.pk}/change/", "market/instrument/")
    for page in (*pages, f"market/instrument/?q={quote(symbol, safe='')}", f"jobs/job/{path[-36:]}/change/"):
        shown = admin_client.get(f"/admin/{page}")
        assert shown.status_code == 200
        assert escape(symbol, quote=False) in shown.content.decode()


@every
def test_a_file_is_imported_under_it(db: None, tmp_path: Path, symbol: str) -> None:
    file = tmp_path / "bars.csv"
    file.write_text("time,open,high,low,close,volume\n2024-01-02,1,2,0.5,1.5,10\n2024-01-03,1,2,0.5,1.5,10\n")
    call_command("import_bars", str(file), f"--symbol={symbol}", "--timeframe=1d", stdout=io.StringIO())
    assert BarSeries.objects.get().instrument.symbol == symbol


@pytest.mark.parametrize("symbol", [one for one in HOSTILE if one.isprintable() or ("\0" not in one and one.isascii())])
def test_what_cannot_be_one_is_refused_at_every_door(api: Caller, tmp_path: Path, symbol: str) -> None:
    for method, path, body in (
        (api.post, SERIES, {"symbol": symbol, "timeframe": "1d", "bars": bars(3)}),
        (api.post, JOBS, {"analyses": ["rsi"], "symbols": [symbol]}),
        (api.post, JOBS, {"analyses": ["rsi"], "bars": {**bars(40), "symbol": symbol}}),
        (api.put, "/api/v1/universes/mine", {"symbols": [symbol]}),
    ):
        found = faults(method(path, body))
        assert any("symbol" in pointer for pointer, _ in found), found
    assert api.get(f"{JOBS}?symbol={quote(symbol, safe='')}").status_code in (400, 422)
    answer = api.get(f"{SERIES}/{quote(symbol, safe='')}/1d")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    with pytest.raises(CommandError):
        call_command("import_bars", str(tmp_path / "none.csv"), f"--symbol={symbol}", "--timeframe=1d")


@pytest.mark.parametrize("symbol", ["<script>alert(1)</script>", "A\u202eB", "A" * 200, '"><svg onload=x>'])
def test_a_question_for_what_cannot_be_one_comes_back_harmless(api: Caller, symbol: str) -> None:
    path = done(api, {"analyses": ["sma(3)"], "bars": bars(40)})
    for part in ("result", "chart.svg"):
        answer = api.get(f"{path}/{part}?symbol={quote(symbol, safe='')}")
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db(transaction=True)
def test_the_server_gives_paths_on_as_they_are(owner: AbstractUser, broker: Any, cache: Any, tmp_path: Path) -> None:
    with served(tmp_path) as address, client_of(address, owner) as http:
        for symbol in SYMBOLS:
            stored = http.post(SERIES, json={"symbol": symbol, "timeframe": "1d", "bars": bars(40)})
            assert stored.status_code == 201, stored.text
            for path in (stored.headers["Location"], *paths(symbol)):
                # Given as bytes: the client would write some marks in another way.
                answer = http.get(address + path)
                assert answer.status_code == 200, path
                assert answer.json()["symbol"] == symbol
        for path in ("A%2F..%2FB", "..%2F..%2Fkeys", "A%00B", "%2e%2e", "A%252FB", "A%0d%0aB"):
            assert http.get(f"{address}{SERIES}/{path}/1d").status_code in (400, 404), path
