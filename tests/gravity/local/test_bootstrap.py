"""The administrator of a local system, whose password is never lost."""

from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User, UserManager

from gravity.local.addresses import describe
from gravity.local.bootstrap import ensure_admin
from gravity.local.environment import LocalSystem, Ports

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(tmp_path: Path) -> LocalSystem:
    system = LocalSystem(tmp_path, Ports.free(), {})
    system.key_file.write_text("gta_key")
    return system


def test_the_password_is_kept_for_its_owner_alone_and_told_at_every_start(system: LocalSystem) -> None:
    ensure_admin(system.password_file)
    password = system.password_file.read_text().strip()
    assert system.password_file.stat().st_mode & 0o777 == 0o600
    assert User.objects.get().check_password(password)
    ensure_admin(system.password_file)
    assert system.password_file.read_text().strip() == password
    assert f"admin / {password}" in describe(system)


def test_a_start_that_ends_on_the_way_loses_no_password(system: LocalSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(UserManager, "create_superuser", killed)
        with pytest.raises(KeyboardInterrupt):
            ensure_admin(system.password_file)
    ensure_admin(system.password_file)
    assert authenticate(username="admin", password=system.password_file.read_text().strip())


def test_an_administrator_of_an_earlier_release_is_left_alone(system: LocalSystem) -> None:
    User.objects.create_superuser("boss", password="a long password")
    ensure_admin(system.password_file)
    assert not system.password_file.exists()
    assert "the password from the first start" in describe(system)
