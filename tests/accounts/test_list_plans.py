"""The admin's lists of messages, deliveries and predictions are read along an index, whatever is chosen there.

PostgreSQL explains them over 100,000 rows, of which a million would be read in the same way; SQLite's plans are the
same for no rows.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from notifications.models import Message
from ops.databases import unlimited

# Pages are counted each time that one is looked at: once a row, of the 10,000 that a list counts.
ROWS, MOST_PAGES = 100_000, 25_000
MESSAGES, DELIVERIES, PREDICTIONS = "notifications_message", "jobs_delivery", "forecasts_keptprediction"
YESTERDAY = quote(str(timezone.now() - timedelta(days=1)))
PAGES = [
    *(
        (MESSAGES, f"/admin/notifications/message/?{query}")
        for query in ("", "p=100", "q=admin", "q=subject7", "q=none")
    ),
    *((MESSAGES, f"/admin/notifications/message/?state__exact={state}") for state in ("pending", "delivered", "dead")),
    (MESSAGES, "/admin/notifications/message/?kind=job.ended"),
    (MESSAGES, f"/admin/notifications/message/?created_at__gte={YESTERDAY}"),
    *((DELIVERIES, f"/admin/jobs/delivery/?{query}") for query in ("", "p=100", "q=0199")),
    (DELIVERIES, "/admin/jobs/delivery/?state__exact=dead"),
    *(
        (PREDICTIONS, f"/admin/forecasts/keptprediction/?{query}")
        for query in ("", "p=100", "q=S7", "q=flag", "q=none")
    ),
    *((PREDICTIONS, f"/admin/forecasts/keptprediction/?result__exact={one}") for one in ("target", "gone")),
    (PREDICTIONS, "/admin/forecasts/keptprediction/?model=m/1.0.0"),
]
# What one subject or one job has is few rows, which may be sorted.
FEW = ("q=subject7", "q=0199")
WITHOUT = [
    (MESSAGES, "message_dead", "/admin/notifications/message/?state__exact=dead"),
    (DELIVERIES, "delivery_newest", "/admin/jobs/delivery/"),
    (PREDICTIONS, "predictions_of_result", "/admin/forecasts/keptprediction/?result__exact=gone"),
]
_FILL = {
    MESSAGES: """INSERT INTO notifications_message (id, owner_id, kind, subject_id, channel, address, state, attempts,
        log, due_at, created_at) SELECT gen_random_uuid(), %(owner)s, 'job.other', 'subject' || n, 'webhook', 'https://a',
        CASE WHEN n %% 50000 = 1 THEN 'dead' WHEN n %% 50000 = 2 THEN 'pending' ELSE 'delivered' END, 1, '[]', at, at
        FROM rows""",
    DELIVERIES: """INSERT INTO jobs_delivery (id, job_id, url, state, attempts, log, due_at, created_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 'https://a',
        CASE WHEN n %% 50000 = 1 THEN 'dead' ELSE 'delivered' END, 1, '[]', at, at FROM rows""",
    PREDICTIONS: """INSERT INTO forecasts_keptprediction (model, sha256, series_id, symbol, timeframe, event, name,
        side, bar_ns, reference, target, stop, life, p_target, p_stop, chance_target, chance_stop, served_at, due_bars,
        result)
        SELECT 'm/2.0.0', 'x', n, 'S' || n %% 5000, '1d', 'e', 'double_top', 1, n, 1, 1, 1, 9, .5, .5, .5, .5, at, 9,
        CASE WHEN n %% 50000 = 1 THEN 'gone' ELSE 'target' END FROM rows""",
}


@pytest.fixture
def filled(admin_user: Any) -> None:
    """Fill the tables of PostgreSQL; SQLite needs a row to be asked for, no more."""
    if connection.vendor == "postgresql":
        rows = (
            f"""WITH rows AS (SELECT n, now() - n * interval '1 second' AS at FROM generate_series(1, {ROWS}) AS n) """
        )
        unlimited.lift(connection)  # a busy machine takes its time
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET LOCAL session_replication_role = replica")  # jobs of deliveries that are not there
            for table, fill in _FILL.items():
                cursor.execute(rows + fill, {"owner": admin_user.pk} if "%(owner)s" in fill else {})
                cursor.execute(f"ANALYZE {table}")
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        unlimited.restore(connection)
        return
    when = {"due_at": timezone.now(), "created_at": timezone.now()}
    Message.objects.create(owner=admin_user, kind="job.other", subject_id="subject7", state="dead", **when)


class Reading:
    """What the database says of the statements on a table: how it reads it whole or sorts it, and how many pages."""

    def __init__(self, table: str) -> None:
        self.table, self.asked, self.pages = table, 0, 0
        self.faults: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and f'FROM "{self.table}"' in sql:
            self.asked += 1
            how = "(ANALYZE, BUFFERS, FORMAT JSON)" if connection.vendor == "postgresql" else "QUERY PLAN"
            execute(f"EXPLAIN {how} {sql}", params, many, context)
            found = context["cursor"].fetchall()
            if connection.vendor == "postgresql":
                ((plan,),) = found
                self._read(json.loads(plan)[0]["Plan"] if isinstance(plan, str) else plan[0]["Plan"])
            else:
                self.faults += [step for *_, step in found if _reads_all(step)]
        return execute(sql, params, many, context)

    def _read(self, plan: dict[str, Any]) -> None:
        self.pages = max(self.pages, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
        if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == self.table:
            self.faults.append(f"reads all of {self.table}")
        for part in plan.get("Plans", ()):
            self._read(part)


def _reads_all(step: str) -> bool:
    """Tell whether SQLite reads a table otherwise than along an index, or sorts more than stands together there."""
    if step.startswith("SCAN"):
        return "USING" not in step and "subquery" not in step.lower()
    return "TEMP B-TREE" in step and not {"LAST", "RIGHT"} & set(step.split())


def faults(client: Client, table: str, page: str) -> list[str]:
    """Return what is wrong with how a page reads a table."""
    seen = Reading(table)
    with connection.execute_wrapper(seen):
        assert client.get(page).status_code == 200, page
    assert seen.asked, page
    wrong = [one for one in seen.faults if not (page.endswith(FEW) and "TEMP B-TREE" in one)]
    return wrong + ([f"reads {seen.pages:,} pages"] if seen.pages > MOST_PAGES else [])


@pytest.mark.django_db
def test_every_list_is_read_along_an_index_and_is_found_out_without_it(filled: None, admin_client: Client) -> None:
    found = {page: wrong for table, page in PAGES if (wrong := faults(admin_client, table, page))}
    assert not found
    if connection.vendor != "postgresql":
        return  # what SQLite takes instead is an index too
    for table, index, page in WITHOUT:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX {index}")
        assert faults(admin_client, table, page), index
