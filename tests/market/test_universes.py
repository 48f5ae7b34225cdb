import pytest
from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError, transaction

from market.errors import MarketError, SymbolInvalid
from market.models import Universe
from market.selectors import visible_universes
from market.services import put_universe
from tests.market.made import NOW

pytestmark = pytest.mark.django_db


def test_symbols_keep_their_order_and_are_replaced(owner: AbstractUser) -> None:
    universe, created = put_universe(owner=owner, name="mine", symbols=["msft", "AAPL"], now=NOW)
    assert (universe.symbols, created) == (["MSFT", "AAPL"], True)
    universe, created = put_universe(owner=owner, name="mine", symbols=["IBM"], now=NOW)
    assert (universe.symbols, universe.symbol_count, created) == (["IBM"], 1, False)
    assert Universe.objects.count() == 1


def test_every_bad_symbol_is_named(owner: AbstractUser) -> None:
    with pytest.raises(SymbolInvalid) as refused:
        put_universe(owner=owner, name="mine", symbols=["A", "", "a", "B", "\x00", 5], now=NOW)  # type: ignore[list-item]
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/symbols/1", "invalid_symbol"),
        ("/symbols/2", "duplicate_symbol"),
        ("/symbols/4", "invalid_symbol"),
        ("/symbols/5", "invalid_symbol"),
    ]
    assert not Universe.objects.exists()


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "\x00", "-a", "a" * 65])
def test_names_that_cannot_be_one(owner: AbstractUser, name: str) -> None:
    with pytest.raises(SymbolInvalid):
        put_universe(owner=owner, name=name, symbols=["A"], now=NOW)


def test_a_universe_is_not_empty(owner: AbstractUser) -> None:
    with pytest.raises(MarketError):
        put_universe(owner=owner, name="mine", symbols=[], now=NOW)


def test_one_sees_ones_own_and_the_shared(owner: AbstractUser, stranger: AbstractUser) -> None:
    for user in (None, owner, stranger):
        put_universe(owner=user, name="all", symbols=["A"], now=NOW)
    put_universe(owner=None, name="common", symbols=["A"], now=NOW)
    assert {(one.name, one.owner_id) for one in visible_universes(owner)} == {("all", owner.pk), ("common", None)}


@pytest.mark.parametrize("shared", [True, False])
def test_a_name_comes_once_per_owner(owner: AbstractUser, shared: bool) -> None:
    user = None if shared else owner
    put_universe(owner=user, name="mine", symbols=["A"], now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Universe.objects.create(owner=user, name="mine", symbols=["A"], symbol_count=1, updated_at=NOW)
