"""Metrics go on where their files have no room: a process counts in its own memory and does not end."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.mmap_dict import MmapedDict

from gravity import metric_files
from gravity.metric_files import MOST_BYTES, ReservedDict


def shown(path: Path) -> dict[str, float]:
    return {key: value for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path))}


def fill(values: Any, count: int) -> None:
    for n in range(count):
        values.write_value(f"series {n:06d} {'x' * 100}", float(n), 0.0)


def full(descriptor: int, offset: int, size: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_the_room_of_a_file_is_there_before_it_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "counter_1.db"
    values = ReservedDict(str(path))
    fill(values, 2_000)
    told = path.stat()
    assert told.st_blocks * 512 >= told.st_size > 2_000 * 100
    assert shown(path) == {f"series {n:06d} {'x' * 100}": float(n) for n in range(2_000)}
    values.close()
    again = ReservedDict(str(path))
    assert again.read_value(f"series {1_999:06d} {'x' * 100}")[0] == 1_999
    again.close()


def test_a_file_with_holes_gets_its_room(tmp_path: Path) -> None:
    path = tmp_path / "counter_1.db"
    with path.open("wb") as file:
        file.truncate(1 << 18)
    ReservedDict(str(path)).close()
    assert path.stat().st_blocks * 512 >= 1 << 18


def test_on_a_full_disk_counting_goes_on_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "posix_fallocate", full)
    values = ReservedDict(str(tmp_path / "counter_1.db"))
    fill(values, 2_000)
    assert values.read_value(f"series {1_999:06d} {'x' * 100}")[0] == 1_999
    values.close()


def test_what_was_shown_stays_where_a_file_cannot_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "counter_1.db"
    values = ReservedDict(str(path))
    fill(values, 100)
    monkeypatch.setattr(os, "posix_fallocate", full)
    fill(values, 2_000)
    values.write_value(f"series {7:06d} {'x' * 100}", 70.0, 0.0)
    assert values.read_value(f"series {7:06d} {'x' * 100}")[0] == 70
    assert len(shown(path)) >= 100
    assert shown(path)[f"series {7:06d} {'x' * 100}"] == 7


def test_a_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metric_files, "MOST_BYTES", 1 << 17)
    path = tmp_path / "counter_1.db"
    fill(ReservedDict(str(path)), 5_000)
    assert path.stat().st_size == 1 << 17
    assert MOST_BYTES > 1 << 17
