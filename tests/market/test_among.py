"""The lookup `among`, on whichever database the run has."""

import re
from collections.abc import Sequence

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from market.models import BarSeries, Instrument
from market.selectors import SymbolsUnknown, resolve
from tests.market.made import NOW, stored

pytestmark = pytest.mark.django_db
HOSTILE = ("it's", 'a"b', "{a,b}", "\\", "%s", "NULL", "ü", "[1]")


@pytest.fixture
def symbols(db: None) -> None:
    Instrument.objects.bulk_create(Instrument(symbol=symbol, created_at=NOW) for symbol in (*HOSTILE, "A", "B"))


@pytest.mark.parametrize("values", [["A"], ["A", "B", "C"], [], ["A", "A"], *([one] for one in HOSTILE), HOSTILE])
def test_it_finds_what_in_finds(symbols: None, values: Sequence[str]) -> None:
    found = Instrument.objects.filter(symbol__among=values)
    assert set(found) == set(Instrument.objects.filter(symbol__in=values))
    assert len(found) == len(set(values) - {"C"})


def test_numbers_and_related_rows(owner: AbstractUser) -> None:
    one, two, three = stored(owner, "A"), stored(owner, "B"), stored(owner, "C")
    assert set(BarSeries.objects.filter(pk__among={one.pk, three.pk})) == {one, three}
    assert set(BarSeries.objects.filter(instrument_id__among=(two.instrument_id,))) == {two}
    assert set(BarSeries.objects.filter(instrument__symbol__among={"A", "B"}).exclude(pk__among=[one.pk])) == {two}


def test_lists_of_every_length_are_a_few_statements(owner: AbstractUser) -> None:
    """A connection keeps statements, and each with what was bound to it."""
    stored(owner, "A")

    def forms(count: int) -> list[str]:
        with CaptureQueriesContext(connection) as seen, pytest.raises(SymbolsUnknown):
            resolve(owner, symbols=["A", *(f"S{number}" for number in range(count))], timeframe="1d")
        return [re.sub(r"'[^']*'", "?", query["sql"]) for query in seen.captured_queries]

    assert forms(5) == forms(7)
    assert forms(260) == forms(500)
    assert forms(1_100) == forms(5_000)


def test_a_short_list_is_found_by_the_index_of_symbols(owner: AbstractUser) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("not of this database: PostgreSQL plans by statistics, and there are few rows")
    plan = Instrument.objects.filter(owner=owner, symbol__among=["A", "B", "C"]).explain()
    assert "symbol=?" in plan


def test_a_text_that_is_too_long_for_the_column_is_not_cut(symbols: None) -> None:
    Instrument.objects.create(symbol="X" * 40, created_at=NOW)
    assert not Instrument.objects.filter(symbol__among=["X" * 41]).exists()
