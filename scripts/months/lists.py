"""How long counts and lists of many owners' jobs take."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from api.paging import BY_JOB_ID, page_of
from jobs.models import Job, JobSymbol, JobTag
from jobs.queries.reads import jobs_of
from jobs.selectors import count_by_state
from jobs.states import State
from scripts.months import finished

OWNERS = 50
TRIES = 5


def show(jobs: int, now: datetime) -> None:
    """Fill the tables with jobs of fifty owners and print the slowest and the usual answer of each question."""
    users = get_user_model().objects
    owners = users.bulk_create([users.model(username=f"owner{n}", is_staff=n == OWNERS) for n in range(OWNERS + 1)])
    first = users.get(username="owner0").pk
    owner = {"owner_id": f"{first} + n % {OWNERS}"}
    state = f"""CASE WHEN n > {jobs - 20_000} THEN 'accepted' WHEN n % 51 = 0 THEN 'failed'
        WHEN n % 97 = 0 THEN 'partial' WHEN n % 101 = 0 THEN 'cancelled' ELSE 'succeeded' END"""
    finished.fill(
        jobs,
        now,
        inline=False,
        changed={
            Job: owner | {"state": state, "idempotency_key": "CASE WHEN n % 10 = 0 THEN 'key' || n END"},
            JobTag: owner | {"tag": "CASE WHEN n % 2 = 0 THEN 'nightly' ELSE 'tag' || (n % 1000) END"},
            JobSymbol: owner | {"symbol": "CASE WHEN n % 2 = 0 THEN 'HOT' ELSE 'S' || (n % 5000) END"},
        },
        tables=(Job, JobTag, JobSymbol),
    )
    print(f"\n(d) counts and lists of {jobs:,} jobs on {connection.vendor}: milliseconds, the usual and the slowest")
    for who in (owners[1], owners[-1]):
        for name, ask in _questions(who, now).items():
            taken = sorted(_milliseconds(ask) for _ in range(TRIES))
            print(f"    {'staff' if who.is_staff else 'owner'} {name:<46}{taken[TRIES // 2]:>8.1f}{taken[-1]:>8.1f}")


def _questions(who: Any, now: datetime) -> dict[str, Callable[[], Any]]:
    filters: list[dict[str, Any]] = [{}, *({"state": str(state)} for state in State)]
    filters += [{"tag": tag} for tag in ("nightly", "tag1", "none")]
    filters += [{"symbol": symbol} for symbol in ("HOT", "S1", "none")]
    filters += [{"idempotency_key": key} for key in ("key10", "none")]
    filters += [{"created_after": now - timedelta(hours=1)}, {"created_before": now - timedelta(days=9)}]
    filters += [{"state": "failed", "tag": "nightly"}, {"state": "failed", "symbol": "S51"}]
    filters += [{"tag": "tag51", "symbol": "S51"}, {"state": "running", "tag": "nightly", "symbol": "HOT"}]
    asked: dict[str, Callable[[], Any]] = {"counts": lambda: count_by_state(who)}
    for one in filters:
        name = " ".join(f"{field}={str(value)[:10]}" for field, value in one.items()) or "all"
        asked[name] = lambda one=one: page_of(jobs_of(who, **one), {"limit": 50}, BY_JOB_ID, lambda job: {"id": job.pk})
    return asked


def _milliseconds(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return 1_000 * (time.perf_counter() - began)
