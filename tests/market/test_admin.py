import numpy as np
import pytest
from django.contrib.auth.models import AbstractUser
from django.test import Client
from django.urls import reverse

from analysis import Bars
from market.models import BarSeries
from market.services import put_universe, store_series
from market.services.store import columns_of
from tests.bars import random_walk
from tests.market.made import NOW, stored

PRICES = ("open", "high", "low", "close")

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client, django_user_model: type[AbstractUser]) -> Client:
    client.force_login(django_user_model.objects.create_superuser("staff", password="a long password"))
    return client


def test_lists_and_pages_open_and_change_nothing(staff: Client, owner: AbstractUser) -> None:
    series = stored(owner)
    universe, _ = put_universe(owner=None, name="all", symbols=["WALK"], now=NOW)
    for model, pk in (("instrument", series.instrument_id), ("barseries", series.pk), ("universe", universe.pk)):
        assert staff.get(reverse(f"admin:market_{model}_changelist")).status_code == 200
        page = staff.get(reverse(f"admin:market_{model}_change", args=[pk]))
        assert page.status_code == 200
        assert staff.post(reverse(f"admin:market_{model}_change", args=[pk]), {}).status_code == 403
        assert staff.get(reverse(f"admin:market_{model}_add")).status_code == 403


def test_a_series_downloads_as_csv(staff: Client) -> None:
    series = stored(None)
    page = staff.get(reverse("admin:market_barseries_change", args=[series.pk]))
    address = reverse("admin:market_barseries_csv", args=[series.pk])
    assert address in page.content.decode()
    answer = staff.get(address)
    assert answer["Content-Type"].startswith("text/csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "time,open,high,low,close,volume"
    assert lines[1].startswith("2020-01-01T00:00:00Z,")
    assert len(lines) == 301
    assert staff.get(reverse("admin:market_barseries_csv", args=[10**9])).status_code == 404


def test_the_download_needs_the_right_to_view(client: Client, django_user_model: type[AbstractUser]) -> None:
    series = stored(None)
    address = reverse("admin:market_barseries_csv", args=[series.pk])
    assert client.get(address).status_code == 302
    client.force_login(django_user_model.objects.create_user("helper", password="a long password", is_staff=True))
    assert client.get(address).status_code == 403


def with_a_jump() -> BarSeries:
    columns = columns_of(random_walk(300))._asdict()
    halved = {name: np.where(np.arange(300) < 200, columns[name], columns[name] / 2) for name in PRICES}
    return store_series(
        owner=None,
        bars=Bars(**{**columns, **halved}, timeframe="1d"),
        symbol="JUMP",
        timeframe="1d",
        source="<script>alert(1)</script>",
        adjustment="raw",
        now=NOW,
    )


def test_a_series_is_shown_with_its_quality_and_its_newest_bars(staff: Client) -> None:
    series = with_a_jump()
    page = staff.get(reverse("admin:market_barseries_change", args=[series.pk])).content.decode()
    assert "closes that changed by more than 40 %: <b>1</b> (2020-07-19 00:00)" in page
    chart = reverse("admin:market_barseries_chart", args=[series.pk])
    assert chart in page
    picture = staff.get(chart)
    assert picture["Content-Type"].startswith("image/svg+xml")
    assert "sandbox" in picture["Content-Security-Policy"]
    assert staff.get(reverse("admin:market_barseries_chart", args=[10**9])).status_code == 404


def test_an_instrument_is_shown_with_the_quality_of_each_series(staff: Client) -> None:
    series = with_a_jump()
    page = staff.get(reverse("admin:market_instrument_change", args=[series.instrument_id])).content.decode()
    assert "1 jumps" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "JUMP" in staff.get(reverse("admin:market_instrument_changelist")).content.decode()


def test_the_picture_needs_the_right_to_view(client: Client, django_user_model: type[AbstractUser]) -> None:
    address = reverse("admin:market_barseries_chart", args=[stored(None).pk])
    assert client.get(address).status_code == 302
    client.force_login(django_user_model.objects.create_user("other", password="a long password", is_staff=True))
    assert client.get(address).status_code == 403


def test_a_universe_lists_its_symbols_in_a_line(admin_client: Client) -> None:
    universe, _ = put_universe(owner=None, name="two", symbols=["WALK", "M&M"], now=NOW)
    page = admin_client.get(f"/admin/market/universe/{universe.pk}/change/").content.decode()
    assert "WALK, M&amp;M" in page
