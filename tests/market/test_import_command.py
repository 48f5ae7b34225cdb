import gzip
from pathlib import Path

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.management import CommandError, call_command

from market.csv_text import csv_lines
from market.models import BarSeries, Instrument
from market.selectors import find_series, load_bars
from tests.bars import random_walk
from tests.market.made import assert_same

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "walk.csv.gz"
    path.write_bytes(gzip.compress("".join(csv_lines(random_walk(300))).encode()))
    return path


def test_a_file_becomes_a_shared_series(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_bars", file, symbol="walk", timeframe="1d", adjustment="split", name="A walk")
    series = find_series(None, "WALK", "1d")
    assert_same(load_bars(series), random_walk(300))
    assert (series.adjustment, series.source, series.instrument.name) == ("split", "walk.csv.gz", "A walk")
    assert len(series.source_sha256) == 64
    assert "WALK 1d: 300 bars, 2020-01-01 00:00 to 2020-10-26 00:00 UTC" in capsys.readouterr().out


def test_a_file_becomes_the_series_of_an_owner(file: Path, owner: AbstractUser) -> None:
    call_command("import_bars", file, symbol="WALK", timeframe="1d", owner="owner")
    assert Instrument.objects.get().owner == owner
    with pytest.raises(CommandError, match="no user"):
        call_command("import_bars", file, symbol="WALK", timeframe="1d", owner="nobody")


def test_a_bad_bar_refuses_the_file_and_nothing_is_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("date,open,high,low,close\n2024-01-01,10,12,9,11\n2024-01-02,10,8,9,11\n2024-01-03,10,12,9,\n")
    with pytest.raises(CommandError) as refused:
        call_command("import_bars", path, symbol="X", timeframe="1d")
    assert "/3/high high_below_low" in str(refused.value)
    assert "/4/close missing" in str(refused.value)
    assert not Instrument.objects.exists()
    call_command("import_bars", path, symbol="X", timeframe="1d", skip_bad_bars=True)
    assert "2 bad bars were left out" in capsys.readouterr().out
    assert find_series(None, "X", "1d").bar_count == 1


def test_a_hundred_faults_are_shortened(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("date,open,high,low,close\n" + "2024-01-01,x,12,9,11\n" * 50)
    with pytest.raises(CommandError, match="and 79 more"):
        call_command("import_bars", path, symbol="X", timeframe="1d")


@pytest.mark.parametrize(
    "options",
    [
        {"symbol": "A B"},
        {"timeframe": "7q"},
        {"timezone": "Mars"},
    ],
)
def test_options_that_cannot_be_are_one_line(file: Path, options: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("import_bars", file, **({"symbol": "X", "timeframe": "1d"} | options))
    assert not BarSeries.objects.exists()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_bars", tmp_path / "none.csv", symbol="X", timeframe="1d")
