"""Over a million jobs PostgreSQL answers every question by an index, and reads few pages for it."""

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.short_lists import ShortPaginator
from api.paging import BY_JOB_ID, page_of
from jobs import queries
from jobs.job_admin import PER_PAGE
from jobs.job_search import found
from jobs.models import Chunk, Hold, Job
from jobs.queries.named import NAMED
from jobs.queues import CHUNK_QUEUES, INDICATORS
from jobs.retention import CLASSES
from jobs.states import State
from ops.admin_home import figures
from scans.selectors import coverage
from tests.architecture.contract import ROOT
from tests.jobs import million

for module in pkgutil.iter_modules(queries.__path__):
    importlib.import_module(f"jobs.queries.{module.name}")

NOW = timezone.now()
HOUR = timedelta(hours=1)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="not of this database: SQLite says less"),
]

# 8 kB each; the table of jobs has 31,000. What may read more is named here with its reason, and nothing reads a table.
MOST_PAGES = 3_000
MAY_READ_MORE = {
    "sums_of_jobs": (40_000, "all jobs of an owner, by a command and never by a request"),
    "admin's list of jobs": (4_000, "the newest thousand of a symbol or tag are counted one by one"),
    "recount": (20_000, "an index of all jobs, every few hours"),
    "jobs_of by request": (25_000, "one owner's are looked for among all with an id that half of the jobs have"),
    "jobs_of by several": (20_000, "several filters at once are looked at row by row along the index of one"),
}


@pytest.fixture(scope="module")
def owners(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Any]]:
    with django_db_blocker.unblock():
        began = time.perf_counter()
        with million.million_jobs(NOW) as owners:
            print(f"{million.COUNT:,} jobs made in {time.perf_counter() - began:.0f} s")
            yield owners


def asked(owners: list[Any]) -> dict[str, list[Callable[[], Any]]]:
    """Every question, with what is asked: by an owner and by staff, with every filter, for what is there and is not."""
    owner, staff = owners[1], owners[-1]
    running = million.COUNT - million.ACCEPTED - million.QUEUED - 5
    ended = million.COUNT // 2 + 1  # succeeded, with bars in its request
    newest_end = million.moment(NOW, running - million.RUNNING - million.CANCELLING)
    job = Job.objects.get(pk=million.id_of(ended))
    chunk = Chunk.objects.get(pk=running)
    ids = [million.id_of(n) for n in (ended, running, million.COUNT)]
    given: dict[str, list[dict[str, Any]]] = {
        "accepted_chunks": [{"chunk_ids": list(range(million.COUNT - 500, million.COUNT))}],
        "accepted_jobs": [{"job_ids": ids}],
        "add_up": [{"limit": 1_000}],
        "add_hold": [{"hold": Hold(name="ml", since=NOW, by="staff:one")}],
        "any_held": [{"names": ["ml", "read_only"]}],
        "archived": [{}],
        "add_use": [{"owner_id": owner.pk, "part": 1, "stored_bytes": 10, "byte_days": 300}],
        "backlog": [{"queue": queue, "now": NOW} for queue in CHUNK_QUEUES],
        "blob_by_id": [{"blob_id": ended}],
        "blob_size": [{"blob_id": ended}],
        "born_by_minute": [{"since": since} for since in (NOW - HOUR, NOW - 100 * HOUR)],
        "both_locked": [{"one": ids[0], "other": ids[1]}],
        "bury": [{"stones": []}],
        "chunk_by_id": [{"chunk_id": ended}],
        "chunk_ids": [{"job": job}],
        "chunk_to_run": [{"chunk_id": running}],
        "chunks_with_results": [{"job_ids": ids}],
        "chunks_from": [{"job": job, "position": 0}],
        "chunks_put_off": [{"job_ids": ids}],
        "counts_of_states": [{"owner": owner}, {"owner": staff}],
        "delete_jobs": [{"job_ids": ids}],
        "delete_unused": [{"blobs": [ended, ended + 1]}],
        "depths": [{"now": NOW}],
        "expired": [
            {"retention": name, "kept": kept, "now": now, "limit": 100, "but": but}
            for name, kept in CLASSES.items()
            if kept is not None
            for now in (NOW, NOW + timedelta(days=20))
            for but in ([], ids)
        ],
        "expected_of_open": [{"owner_id": owner.pk}],
        "expired_leases": [{"now": NOW, "limit": 1_000}],
        "failures_of": [{"job": job}],
        "failures_told": [{"job": job}],
        "finished_since": [{"queue": INDICATORS, "since": newest_end - timedelta(minutes=15)}],
        "first_end": [{"retention": name} for name in CLASSES],
        "first_chunk": [{"job": job}],
        "follow_instead": [{"leader_id": ids[0], "other_id": ids[1]}],
        "follow_nobody": [{"job_ids": ids}],
        "followers": [{"leader_id": ids[0]}],
        "has_symbol": [{"symbol": symbol} for symbol in ("S1", "HOT", "none")],
        "has_tag": [{"tag": tag} for tag in ("nightly", "tag1", "none")],
        "holds": [{}],
        "is_cancelling": [{"job_id": ids[0]}],
        "is_stored": [
            {"owner_id": owner.pk, "fingerprint": job.fingerprint},
            {"owner_id": owner.pk, "fingerprint": "x"},
        ],
        "items_of": [{"job": job}],
        "job_by_id": [{"job_id": ids[0]}],
        "job_locked": [{"job_id": ids[0]}],
        "jobs_by_ids": [{"ids": ids}],
        "job_of_key": [{"owner_id": owner.pk, "key": "key10"}],
        "lacking_in": [{"job_ids": ids, "limit": 1_000}],
        "lead_instead": [{"job_id": ids[0], "leader_id": ids[1]}],
        "largest_byte_days": [{"count": 20}],
        "leaders_waited_for": [{"limit": 1_000}],
        "newest_about": [{"symbol": symbol} for symbol in ("S1", "HOT", "none")],
        "newest_of_request": [{"request_id": text} for text in ("none", "request15", "HOT")],
        "newest_tagged": [{"tag": tag} for tag in ("nightly", "tag1", "none")],
        "newest_in": [{"state": state, "since": NOW - 24 * HOUR, "limit": 200} for state in State],
        "never_sent": [{"queue": INDICATORS, "before": NOW, "limit": 1_000}],
        "delete_tombstones": [{"job_ids": ids}],
        "old_tombstones": [{"before": NOW, "limit": 1_000, "archived": archived} for archived in (True, False)],
        "name_owners": [{"limit": 1_000}],
        "note_progress": [{"chunk": chunk, "progress": {"stage": "read", "done": 1, "total": 2}}],
        "progress_of_training": [{"job_id": ids[0]}],
        "training_under_way": [{"owner_id": owner.pk}],
        "trainings_among": [{"chunk_ids": list(range(million.COUNT - 500, million.COUNT))}],
        "oldest_by_turns": [{"queue": INDICATORS, "count": 1_000, "now": NOW}],
        "oldest_unsent_at": [{}, {"but": [INDICATORS]}],
        "open_count": [{"owner_id": owner.pk}],
        "overdue": [{"now": NOW, "limit": 1_000}, {"now": NOW + timedelta(days=40), "limit": 1_000}],
        "paces": [{"since": NOW - 24 * HOUR, "limit": 300}],
        "parts_of": [{"owner_id": owner.pk}],
        "progress_of": [{"job_ids": ids}],
        "put_off": [{"leaders": ids, "until": NOW, "where_before": NOW}],
        "put_on": [{"chunk_ids": list(range(million.COUNT - 500, million.COUNT))}],
        "queued_count": [{"queue": INDICATORS}],
        "queued_since": [{}],
        "queued_again": [{"queue": INDICATORS, "now": NOW}],
        "queues_with_due": [{"now": NOW}],
        "recount": [{}],
        "remove_hold": [{"name": "ml"}],
        "renew_lease": [{"chunk": chunk, "now": NOW}],
        "retries_of": [{"job": job}],
        "reusable_jobs": [{"owner_id": owner.pk, "fingerprints": [job.fingerprint, "x"]}],
        "sent_long_ago": [{"queue": INDICATORS, "before": NOW, "limit": 1_000}],
        "running_by_worker": [{}],
        "shares": [{"job_ids": ids}],
        "size_of_results": [{"job_id": ids[0]}],
        "stamp_published": [{"chunk_ids": list(range(running, running + 500)), "at": NOW}],
        "still_there": [{"job_ids": ids}],
        "sums_by_owner": [{}],
        "sums_of_chunks": [{"job_id": ids[0]}],
        "sums_of_jobs": [{"owner_id": owner.pk}],
        "symbols_over": [{"job_ids": ids}],
        "tombstone": [{"job_id": ids[0]}],
        "transitions_of": [{"job_ids": ids, "fields": ["at"]}],
        "under_way": [{"job_ids": ids}],
        "unsettled": [{"limit": 1_000}],
        "unstarted_count": [{"queue": INDICATORS}],
        "use_of": [{"owner_id": owner.pk}],
        "visible_job": [{"owner": owner, "job_id": ids[0]}, {"owner": staff, "job_id": ids[0]}],
        "waiting_chunks": [{"job_id": ids[2]}],
    }
    calls = {name: [partial(NAMED[name], **one) for one in several] for name, several in given.items()}
    middle = million.moment(NOW, million.COUNT // 2)
    filters: dict[str, list[dict[str, Any]]] = {
        "jobs_of": [{}, {"cursor": str(job.pk)}],
        "jobs_of by state": [{"state": str(state)} for state in State],
        "jobs_of by tag": [{"tag": tag} for tag in ("nightly", "tag1", "none")],
        "jobs_of by symbol": [{"symbol": symbol} for symbol in ("S1", "HOT", "none")],
        "jobs_of by key": [{"idempotency_key": key} for key in ("key10", "none")],
        "jobs_of by request": [{"request_id": name} for name in ("request15", "HOT", "none")],
        "jobs_of by time": [{"created_after": middle, "created_before": middle + timedelta(hours=1)}],
        "jobs_of by several": [{"state": "failed", "tag": "nightly", "symbol": "S50", "created_before": middle}],
    }
    texts = ("HOT", "S1", "tag:nightly", "tag1", owner.username, str(job.pk), str(job.pk)[:6], "nobody knows")
    calls["admin's list of jobs"] = [partial(_listed, text) for text in texts]
    return calls | {
        name: [partial(_page, who, **one) for who in (owner, staff) for one in several]
        for name, several in filters.items()
    }


def _listed(text: str) -> None:
    """Ask as the admin does: how many there are, the first page and the last."""
    pages = ShortPaginator(found(Job.objects.defer("plan"), text).select_related("owner").order_by("-id"), PER_PAGE)
    for number in {1, pages.num_pages}:
        list(pages.page(number))


def _page(owner: Any, cursor: str | None = None, **filters: Any) -> None:
    query = {"limit": 50} | ({"cursor": cursor} if cursor else {})
    page_of(NAMED["jobs_of"](owner, **filters), query, BY_JOB_ID, lambda job: {"id": job.pk})


class Explained:
    """What PostgreSQL says of the statements that a call sends: tables read whole, and pages read in all."""

    def __init__(self) -> None:
        self.whole: set[str] = set()
        self.pages = 0
        self.slowest: tuple[float, str] = 0.0, ""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip("( \n").split(" ", 1)[0].split("\n")[0] in ("SELECT", "UPDATE", "DELETE"):
            how = "ANALYZE, BUFFERS, " if sql.lstrip("( \n").startswith("SELECT") else ""
            execute(f"EXPLAIN ({how}FORMAT JSON) {sql}", params, many, context)
            (found,) = context["cursor"].fetchone()
            plan = (orjson.loads(found) if isinstance(found, str) else found)[0]["Plan"]
            self.pages = max(self.pages, plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0))
            self.slowest = max(self.slowest, (plan.get("Actual Total Time", 0.0), sql))
            self.whole |= set(_read_whole(plan))
        return execute(sql, params, many, context)


def _read_whole(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in million.BIG:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _read_whole(part)


def explained(call: Callable[[], Any]) -> Explained:
    seen = Explained()
    with transaction.atomic(), connection.execute_wrapper(seen):
        found = call()
        if isinstance(found, QuerySet):
            list(found)
        transaction.set_rollback(True)  # the next finds what this one has found
    return seen


def faults(calls: dict[str, list[Callable[[], Any]]]) -> dict[str, str]:
    """Return by question what is wrong with its plans."""
    found = {}
    for name, several in calls.items():
        seen = [explained(call) for call in several]
        whole = sorted(set().union(*(one.whole for one in seen)))
        pages = max(one.pages for one in seen)
        worst = max(one.slowest for one in seen)
        print(f"{name:20} {pages:7,} pages {worst[0]:8.1f} ms {' '.join(whole)}")
        most, _ = MAY_READ_MORE.get(name, (MOST_PAGES, ""))
        if whole:
            found[name] = f"reads {', '.join(whole)}"
        elif pages > most:
            found[name] = f"reads {pages:,} pages: {worst[1]}"
    return found


def test_every_question_is_answered_by_an_index(owners: list[Any]) -> None:
    calls = asked(owners)
    assert {name.split()[0] for name in calls} - {"admin's"} == set(NAMED), (
        "a question that is not tried, or is no more"
    )
    assert not faults({**calls, "coverage of scans": [coverage], "admin's home": [figures.forget, figures.read]})


def test_the_charts_own_question_is_answered_by_indexes(owners: list[Any]) -> None:
    template = (ROOT / "helm" / "technical-analysis" / "templates" / "keda.yaml").read_text()
    (query,) = re.findall(r'query: "(SELECT .*)"', template)

    def ask(queue: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(query.replace("{{ $queue }}", queue))

    assert not faults({f"KEDA's, of {queue}": [partial(ask, queue)] for queue in CHUNK_QUEUES})


@pytest.mark.parametrize(
    ("index", "question"),
    [
        ("chunk_leases", "expired_leases"),
        ("chunk_window", "never_sent"),
        ("job_deadlines", "overdue"),
        ("job_retention", "expired"),
        ("job_reusable", "reusable_jobs"),
    ],
)
def test_without_its_index_a_question_is_found_out(owners: list[Any], index: str, question: str) -> None:
    calls = {question: asked(owners)[question]}
    assert not faults(calls)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")
    assert faults(calls)
