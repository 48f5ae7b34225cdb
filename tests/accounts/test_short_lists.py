"""No list of the admin is read whole, whatever its address says."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import short_lists
from accounts.short_lists import MOST_LISTED, ShortList
from jobs.requests import JobRequest
from jobs.services.submit import submit
from tests.bars import random_walk

# Tables of which somebody writes every row by hand, or an import; the others grow by themselves.
FEW = {
    *("auth.Group", "auth.User", "accounts.ApiKey", "scans.Scan", "ops.Drain", "jobs.Hold", "forecasts.ModelVersion"),
    *("market.Instrument", "market.BarSeries", "market.Universe", "jobs.StorageUse"),
    *(f"django_celery_beat.{name}Schedule" for name in ("Clocked", "Crontab", "Interval", "Solar")),
    "django_celery_beat.PeriodicTask",
}
PAGES = {model._meta.label: page for model, page in admin.site._registry.items()}
GROWING = sorted(set(PAGES) - FEW)
HOSTILE = (
    *("all=1&p=2&o=1&_facets=True", "p=-1&o=-3.2&q=%00", f"p={'9' * 5_000}&o=99", "p=x&o=x.-.-1&q='\"%25_\\&e=1"),
    *("p=99999999999999999999", "_to_field=id&_popup=1&q=" + "a" * 3_000, "nonsense=1&id__gt=", "pk__in=x"),
)


def address(label: str) -> str:
    meta = apps.get_model(label)._meta
    return f"/admin/{meta.app_label}/{meta.model_name}/"


@pytest.mark.parametrize("label", sorted(PAGES))
def test_every_list_withstands_every_address(admin_client: Client, broker: Any, label: str) -> None:
    for query in HOSTILE:
        answer = admin_client.get(f"{address(label)}?{query}")
        assert answer.status_code in (200, 302, 400), (query, answer.status_code)


@pytest.mark.parametrize("label", sorted(PAGES))
def test_no_list_shows_more_than_two_hundred_rows(label: str) -> None:
    page = PAGES[label]
    assert max(page.list_per_page, page.list_max_show_all) <= 200


@pytest.mark.parametrize("label", GROWING)
def test_a_list_of_a_table_that_grows_ends_at_page_100(label: str) -> None:
    page = PAGES[label]
    assert isinstance(page, ShortList)
    assert (page.list_max_show_all, page.show_full_result_count, list(page.sortable_by)) == (0, False, [])
    assert page.list_per_page * 100 <= MOST_LISTED
    for one in page.list_filter:
        field = None if not isinstance(one, str) else page.model._meta.get_field(one)
        known = field is None or field.choices or field.is_relation or field.get_internal_type() == "DateTimeField"
        assert known, f"to offer what there is of {one}, the whole table is read"


@pytest.mark.parametrize("label", GROWING)
@pytest.mark.parametrize("query", ["o=1", "o=4.-2.3&all=&_facets=True"])
def test_no_address_chooses_the_order_or_counts_all(admin_client: Client, broker: Any, label: str, query: str) -> None:
    table = apps.get_model(label)._meta.db_table
    with CaptureQueriesContext(connection) as asked:
        assert admin_client.get(f"{address(label)}?{query}").status_code == 200
    about = [one["sql"] for one in asked if f'FROM "{table}"' in one["sql"] and "COUNT(" in one["sql"]]
    assert about
    assert all(f"LIMIT {MOST_LISTED}" in sql for sql in about), about
    ordered = {name for sql in about for name in re.findall(r'"\."(\w+)" (?:ASC|DESC)', sql)}
    assert ordered <= {*INDEXED.get(label, ()), "id"}


# What a list is ordered by before the row's id.
INDEXED = {
    "jobs.Tombstone": ["deleted_at"],
    "forecasts.KeptPrediction": ["served_at"],
    "notifications.Message": ["created_at"],
    "jobs.Delivery": ["created_at"],
}


@pytest.mark.parametrize(
    ("label", "query"),
    [
        *(("jobs.Chunk", f"{name}=x") for name in ("worker__icontains", "error_code", "state__regex", "job__state")),
        *(("jobs.Job", f"{name}=x") for name in ("request__icontains", "owner__username__contains", "request_id")),
        *(("scans.ScanRun", f"{name}=x") for name in ("error__contains", "scan__name__contains")),
        ("notifications.Message", "address__contains=x"),
    ],
)
def test_a_condition_that_the_page_does_not_offer_is_refused(admin_client: Client, label: str, query: str) -> None:
    assert admin_client.get(f"{address(label)}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("label", "query"),
    [
        *(("jobs.Job", f"state={state}") for state in ("failed", "nonsense")),
        *(("scans.ScanRun", query) for query in ("scan__id__exact=1", "scan__isnull=True")),
        *(("notifications.Message", query) for query in ("state__exact=dead", "kind=job", "kind=nonsense")),
        (
            "notifications.Message",
            "created_at__gte=2026-01-01+00:00:00%2B00:00&created_at__lt=2026-02-01+00:00:00%2B00:00",
        ),
        *(("forecasts.KeptPrediction", query) for query in ("result__exact=target", "model=pattern_outcome/1.0.0")),
        ("admin.LogEntry", "kind=1&action_flag__exact=2"),
    ],
)
def test_what_a_page_offers_can_be_chosen(admin_client: Client, label: str, query: str) -> None:
    assert admin_client.get(f"{address(label)}?{query}").status_code == 200


def test_the_pages_behind_the_last_lead_back(admin_client: Client, broker: Any, owner, monkeypatch) -> None:
    for seed in range(5):
        submit(owner=owner, request=JobRequest(analyses=["rsi"], bars=random_walk(50, seed=seed)), now=timezone.now())
    monkeypatch.setattr(short_lists, "MOST_LISTED", 4)
    monkeypatch.setattr(PAGES["jobs.Job"], "list_per_page", 2, raising=False)
    lists = address("jobs.Job")
    assert len(admin_client.get(f"{lists}?p=2").context["cl"].result_list) == 2
    assert admin_client.get(f"{lists}?p=3")["Location"].endswith("e=1")
    whole = admin_client.get(f"{lists}?all=")
    assert len(whole.context["cl"].result_list) == 2
    assert 'class="showall' not in whole.content.decode()


@pytest.mark.parametrize("label", sorted(PAGES))
def test_a_list_that_nothing_narrows_is_not_offered_to_be_shown_whole(
    admin_client: Client, broker: Any, label: str
) -> None:
    heading = re.compile(r"<h1.*?</h1>", re.DOTALL)
    assert "Show all" not in heading.findall(admin_client.get(address(label)).content.decode())[0]


def test_a_narrowed_list_leads_back_to_the_whole(admin_client: Client, broker: Any) -> None:
    for query in ("?q=tag:nothing", "?state=failed"):
        page = admin_client.get(f"/admin/jobs/job/{query}").content.decode()
        assert re.search(r'0 results \(<a href="\?">Show all</a>\)', page), query


@pytest.mark.parametrize(("count", "said"), [(0, "0 jobs"), (1, "1 job"), (3, "3 or more jobs")])
def test_a_list_says_how_many_rows_it_has_and_where_it_stopped_counting(
    admin_client: Client, admin_user: Any, broker: Any, monkeypatch: pytest.MonkeyPatch, count: int, said: str
) -> None:
    monkeypatch.setattr(short_lists, "MOST_LISTED", 3)
    for seed in range(count):
        request = JobRequest(analyses=["rsi"], bars=random_walk(50, seed=seed))
        submit(owner=admin_user, request=request, now=timezone.now())
    page = " ".join(admin_client.get("/admin/jobs/job/").content.decode().split())
    assert re.search(rf"> ?{said} ?<", page)
