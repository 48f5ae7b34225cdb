"""Metrics of a local system are away from its disk, this user's alone, and gone with the run."""

import stat
from pathlib import Path

import pytest

from gravity.local import metrics_folder as module
from gravity.local.errors import Fault
from gravity.local.metrics_folder import emptied, metrics_folder


def test_it_is_in_memory_and_another_for_each_system(tmp_path: Path) -> None:
    one, other = metrics_folder(tmp_path / "one"), metrics_folder(tmp_path / "other")
    assert one != other
    assert one == metrics_folder(tmp_path / "one")
    assert one.is_relative_to(module.MEMORY)


def test_where_there_is_no_such_place_it_is_beside_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMORY", tmp_path / "none")
    assert metrics_folder(tmp_path) == tmp_path / "metrics"


def test_old_counts_go_and_so_does_the_folder(tmp_path: Path) -> None:
    stale = metrics_folder(tmp_path) / "api" / "counter_1.db"
    stale.parent.mkdir(parents=True)
    stale.parent.parent.chmod(0o700)
    stale.touch()
    with emptied(tmp_path) as folder:
        assert not stale.exists()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    folder = metrics_folder(tmp_path)
    folder.mkdir()
    folder.chmod(0o777)
    try:
        with pytest.raises(Fault, match="belongs to somebody else"), emptied(tmp_path):
            pass
    finally:
        folder.rmdir()
