"""The environment of the processes: secrets that stay, a throwaway system that touches nothing of the person's."""

import stat
from pathlib import Path

import environs
import pytest

from gravity.local.environment import LocalSystem, Ports, environment, prepare_folders, secret
from gravity.local.processes import stores


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    made = secret(tmp_path / "key")
    assert len(made) >= 32
    assert secret(tmp_path / "key") == made
    assert secret(tmp_path / "other") != made
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_throwaway_system_uses_nothing_of_the_persons_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/data")
    monkeypatch.setenv("BROKER_URL", "redis://elsewhere:6379/0")
    monkeypatch.setenv("PRODUCTION", "true")
    env = environment(LocalSystem(tmp_path, Ports.free(), {}))
    assert "elsewhere" not in " ".join(env.values())
    assert env["PRODUCTION"] == "false"


def test_services_elsewhere_replace_the_embedded_ones(tmp_path: Path) -> None:
    chosen = {"BROKER_URL": "redis://elsewhere:6379/0"}
    system = LocalSystem(tmp_path, Ports.free(), chosen)
    assert environment(system)["BROKER_URL"] == chosen["BROKER_URL"]
    assert [part.name for part in stores(system)] == ["cache"]
    assert [part.name for part in stores(LocalSystem(tmp_path, system.ports, {}))] == ["broker", "cache"]


def test_a_data_folder_with_odd_characters_is_found(tmp_path: Path) -> None:
    data = tmp_path / "my data #1 ?x=%20"
    env = environments_database(LocalSystem(data, Ports.free(), {}))
    assert env == str(data / "gravity.sqlite3")


def environments_database(system: LocalSystem) -> str:
    """Return the database file as the settings will read it."""
    prepare_folders(system)
    reader = environs.Env()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", environment(system)["DATABASE_URL"])
        return str(reader.dj_db_url("DATABASE_URL")["NAME"])


def test_the_data_folder_is_the_users_alone(tmp_path: Path) -> None:
    system = LocalSystem(tmp_path / "data", Ports.free(), {})
    prepare_folders(system)
    assert stat.S_IMODE(system.data.stat().st_mode) == 0o700
