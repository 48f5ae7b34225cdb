"""The check that lists stored scans whose names the language has taken since."""

from io import StringIO

from django.contrib.auth.models import AbstractUser
from django.core.management import call_command

from scans.checks import reserved_names_check
from tests.scans.test_tick import make


def test_scans_with_reserved_names_are_listed_and_no_others(owner: AbstractUser) -> None:
    make(owner, name="sound", analyses=["mine = ema(50)", "mine > close"])
    make(owner, name="taken", analyses=["rsi = ema(50)", {"name": "sma", "as": "abs"}, "rsi < 30"])
    make(owner, name="broken", analyses=["nothing"])
    make(owner, name="strange", analyses={"name": "rsi"})
    found = reserved_names_check(None, databases=["default"])
    assert [message.id for message in found] == ["scans.W001", "scans.W001"]
    assert all("'taken'" in message.msg and owner.username in message.msg for message in found)
    assert ["/0" in message.msg for message in found] == [True, False]
    assert reserved_names_check(None, databases=None) == []


def test_the_check_is_part_of_what_django_asks_of_the_database(owner: AbstractUser) -> None:
    make(owner, name="taken", analyses=["close = ema(50)"])
    said = StringIO()
    call_command("check", databases=["default"], stdout=said, stderr=said)
    assert "scans.W001" in said.getvalue()
