"""The demo data: rebuilt from their packages, consistent, and loaded once."""

import gzip
import hashlib
import importlib.util
import json
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from market.models import BarBlock, BarSeries
from market.quality import quality_report
from market.selectors import find_series, find_universe, load_bars, resolve
from market.services import append_bars, load_demo
from tests.market.made import NOW, part

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "demo_data"
ENTRIES: list[dict[str, Any]] = json.loads((FOLDER / "series.json").read_text())["series"]
SYMBOLS = ["AAPL", "IBM", "MSFT", "GOOG", "SPX", "IXIC"]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_demo_data", ROOT / "scripts" / "build_demo_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ── The files ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_script_builds_what_is_shipped(script: ModuleType) -> None:
    try:
        version("bokeh-sampledata"), version("arch")
    except PackageNotFoundError as missing:
        pytest.skip(f"{missing} is not installed")
    built = script.build()
    for name, text in built.items():
        shipped = FOLDER / (f"{name}.gz" if name.endswith(".csv") else name)
        content = shipped.read_bytes()
        assert (gzip.decompress(content) if name.endswith(".csv") else content).decode() == text
    assert {path.name for path in FOLDER.glob("*_1d.csv.gz")} == {entry["file"] for entry in ENTRIES}


def test_packing_depends_on_the_text_only(script: ModuleType) -> None:
    packed = script.compressed("text")
    assert packed == script.compressed("text")
    assert packed[4:8] == bytes(4)  # no time


def test_the_data_are_small_and_described() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 1_000_000
    assert [entry["symbol"] for entry in ENTRIES] == SYMBOLS
    for entry in ENTRIES:
        text = gzip.decompress((FOLDER / entry["file"]).read_bytes())
        assert hashlib.sha256(text).hexdigest() == entry["sha256"]
        assert text.count(b"\n") == entry["bars"] + 1
    for licence in ("bokeh-sampledata.txt", "arch.md"):
        assert "Copyright (c)" in (FOLDER / "licences" / licence).read_text()


def test_a_wrong_list_of_splits_is_noticed(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("bokeh_sampledata")
    rows = script.stock_rows()["AAPL"]
    script.check_splits("AAPL", rows)
    splits = script.SPLITS["AAPL"]
    for wrong in ({"2005-02-28": None}, {"2003-02-18": 2}, {"2014-06-09": None}, {"2005-02-28": 3}):
        changed = {date: ratio for date, ratio in (splits | wrong).items() if ratio is not None}
        monkeypatch.setitem(script.SPLITS, "AAPL", changed)
        with pytest.raises(ValueError):
            script.check_splits("AAPL", rows)


@pytest.mark.parametrize(
    ("symbol", "factors"),
    [
        ("AAPL", {"2000-06-20": 28, "2000-06-21": 14, "2005-02-25": 14, "2005-02-28": 7, "2013-03-01": 7}),
        ("MSFT", {"2003-02-14": 2, "2003-02-18": 1, "2004-11-15": 1}),
        ("GOOG", {"2004-08-19": 1, "2013-03-01": 1}),
        ("IBM", {"2000-03-01": 1, "2013-03-01": 1}),
    ],
)
def test_volume_follows_splits_only(script: ModuleType, symbol: str, factors: dict[str, int]) -> None:
    pytest.importorskip("bokeh_sampledata")
    rows = script.stock_rows()[symbol]
    found = {
        row.date: changed.volume / row.volume
        for row, changed in zip(rows, script.adjusted(symbol, rows), strict=True)
        if row.date in factors
    }
    assert found == factors


def test_another_release_of_a_package_is_noticed(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("bokeh_sampledata")
    monkeypatch.setitem(script.SHA256, script.STOCKS, "0" * 64)
    with pytest.raises(script.SourceChanged):
        script.stock_rows()


# ── Loading ──────────────────────────────────────────────────────────────────────────────────────────────

pytestmark = pytest.mark.django_db


def test_everybody_sees_the_demo(owner: AbstractUser) -> None:
    report = load_demo(now=NOW)
    assert (report.universe, report.symbols, report.bar_count, report.written) == ("demo", SYMBOLS, 22_020, 6)
    assert find_universe(owner, "demo").symbols == SYMBOLS
    refs = resolve(owner, universe="demo", timeframe="1d")
    assert [(ref.symbol, ref.bar_count, ref.adjustment) for ref in refs] == [
        (entry["symbol"], entry["bars"], entry["adjustment"]) for entry in ENTRIES
    ]


def test_loading_twice_is_loading_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load_demo(now=NOW)
    blocks = set(BarBlock.objects.values_list("pk", "sha256"))
    with django_assert_num_queries(2):
        assert load_demo(now=NOW).written == 0
    assert set(BarBlock.objects.values_list("pk", "sha256")) == blocks


def test_a_changed_file_is_loaded_again(tmp_path: Path) -> None:
    load_demo(now=NOW)
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    content = json.loads((tmp_path / "series.json").read_text())
    text = gzip.decompress((tmp_path / "IBM_1d.csv.gz").read_bytes()).rsplit(b"\n", 2)[0] + b"\n"
    (tmp_path / "IBM_1d.csv.gz").write_bytes(gzip.compress(text))
    content["series"][1]["sha256"] = hashlib.sha256(text).hexdigest()
    (tmp_path / "series.json").write_text(json.dumps(content))
    assert load_demo(now=NOW, folder=tmp_path).written == 1
    assert find_series(None, "IBM", "1d").bar_count == 3_269


def test_a_series_that_was_appended_to_is_restored() -> None:
    load_demo(now=NOW)
    bars = load_bars(find_series(None, "IBM", "1d"), last=1)
    later = part(bars, 0, 1, time=bars.time + 86_400_000_000_000)
    append_bars(owner=None, bars=later, symbol="IBM", timeframe="1d", now=NOW)
    assert load_demo(now=NOW).written == 1
    assert find_series(None, "IBM", "1d").bar_count == 3_270


def test_the_bars_are_what_they_say() -> None:
    load_demo(now=NOW)
    for series in BarSeries.objects.select_related("instrument"):
        found = {
            name: finding["count"]
            for name, finding in quality_report(load_bars(series))["findings"].items()
            if finding["count"]
        }
        # A split that was missed, in prices or in volume, would be a jump; AAPL fell by 52 % on 2000-09-29.
        assert found.get("jumps", 0) == (1 if series.instrument.symbol == "AAPL" else 0)
        assert found.get("zero_volume", 0) == (2 if series.instrument.symbol == "IXIC" else 0)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo")
    call_command("load_demo")
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("22020 bars, 6 of 6 series written")
    assert second.endswith("22020 bars, 0 of 6 series written")
