"""From release 1.1, whose messages are in a table of jobs, to this one: with rows of both, each is sent once."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AbstractUser, Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F

from jobs.callbacks import enqueue, messages, replay
from jobs.errors import NoCallback
from jobs.ids import job_id
from jobs.models import Job
from jobs.services.purge import delete
from notifications import signing_secrets
from notifications.models import Message
from notifications.services.send_due import send_due
from tests.jobs.conftest import Clock
from tests.notifications.receiver import Receiver

BEFORE = [("jobs", "0006_end_reason"), ("notifications", None)]
STATES = ("pending", "failed once", "delivered", "dead")

pytestmark = pytest.mark.django_db(transaction=True)


class Old(NamedTuple):
    """The models as the pods of the release before have them; their tables stay."""

    job: Any
    delivery: Any
    secret: Any


@pytest.fixture
def old(settings: Any, tmp_path: Any) -> Iterator[Old]:
    """A database as the release before leaves it."""
    settings.ARCHIVE_DIR = str(tmp_path)
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    apps = executor.loader.project_state([("jobs", "0006_end_reason")]).apps
    yield Old(*(apps.get_model("jobs", name) for name in ("Job", "Delivery", "CallbackSecret")))
    upgrade()


def upgrade() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def ended(old: Old, owner: AbstractUser, url: str, clock: Clock) -> Any:
    """A job that is over, as any release writes it."""
    return old.job.objects.create(
        id=job_id(),
        owner_id=owner.pk,
        state="succeeded",
        queue="interactive",
        request={"callback_url": url},
        plan={},
        timeframe="1d",
        engine="1.1.0",
        symbol_count=1,
        chunk_count=1,
        ok_count=1,
        created_at=clock(),
        finished_at=clock(),
    )


def told_by_old(old: Old, owner: AbstractUser, url: str, clock: Clock, state: str = "pending") -> Any:
    """A job whose end an old pod has written down, and what it has done about it so far."""
    job = ended(old, owner, url, clock)
    failed = state == "failed once"
    attempt = {"at": clock().isoformat(), "status": 500 if failed else 204, "error": "", "seconds": 0.1}
    return old.delivery.objects.create(
        job=job,
        url=url,
        state="pending" if failed else state,
        attempts=0 if state == "pending" else 1,
        log=[] if state == "pending" else [attempt],
        due_at=clock() + timedelta(seconds=30 if failed else 0),
        created_at=clock(),
        delivered_at=clock() if state == "delivered" else None,
    )


def told_by_new(old: Old, owner: AbstractUser, url: str, clock: Clock) -> Message:
    enqueue([Job.objects.get(pk=ended(old, owner, url, clock).pk)], now=clock())
    return Message.objects.latest("created_at")


def ids(receiver: Receiver) -> list[str]:
    return [headers["webhook-id"] for headers, _ in receiver.received]


def webhook_id(pk: UUID) -> str:
    return f"msg_{pk.hex}"


def test_rows_of_both_tables_are_sent_once_listed_and_replayed(
    old: Old, owner: AbstractUser, receiver: Receiver, clock: Clock
) -> None:
    old.secret.objects.create(owner_id=owner.pk, secret="whsec_" + "a" * 43 + "=", created_at=clock())
    before = {state: told_by_old(old, owner, receiver.url, clock, state) for state in STATES}
    upgrade()
    assert signing_secrets.active_secrets(owner.pk, now=clock()) == ["whsec_" + "a" * 43 + "="]
    clock.forward(1)
    new = told_by_new(old, owner, receiver.url, clock)
    late = told_by_old(old, owner, receiver.url, clock)  # by an old pod that is still there
    assert send_due(clock=clock) == 3
    clock.forward(60)
    assert send_due(clock=clock) == 1, "what had failed, after its pause"
    assert send_due(clock=clock) == 0
    sent = [before["pending"], before["failed once"], late, new]
    assert sorted(ids(receiver)) == sorted(webhook_id(row.pk) for row in sent)
    assert all(headers["webhook-signature"].startswith("v1,") for headers, _ in receiver.received)

    jobs = {
        row.pk: Job.objects.get(pk=getattr(row, "job_id", None) or row.subject_id)
        for row in (*before.values(), late, new)
    }
    for pk, job in jobs.items():
        (row,) = messages(job)
        assert (row.pk, row.address) == (pk, receiver.url)
        assert row.state == ("dead" if pk == before["dead"].pk else "delivered")
    assert [attempt["status"] for attempt in messages(jobs[before["failed once"].pk])[0].log] == [500, 204]

    receiver.received.clear()
    for job in jobs.values():
        assert [row.attempts for row in replay(job, now=clock())] == [0]
    assert send_due(clock=clock) == 6
    assert sorted(ids(receiver)) == sorted(webhook_id(pk) for pk in jobs)


def test_neither_release_sends_what_the_other_has_taken(
    old: Old, owner: AbstractUser, receiver: Receiver, clock: Clock
) -> None:
    """An old pod looks into its own table only, and takes a row by moving its time on."""
    mine, theirs = (told_by_old(old, owner, receiver.url, clock) for _ in range(2))
    upgrade()
    signing_secrets.renew(owner=owner, now=clock())
    told_by_new(old, owner, receiver.url, clock)
    due = old.delivery.objects.filter(state="pending", due_at__lte=clock())
    due.filter(pk=theirs.pk).update(due_at=clock() + timedelta(seconds=60), attempts=F("attempts") + 1)
    assert send_due(clock=clock) == 2
    assert webhook_id(theirs.pk) not in ids(receiver)
    assert webhook_id(mine.pk) in ids(receiver)
    assert not due.exists(), "nothing is left that an old pod would send"
    # What the old pod then writes of its attempt.
    ours = old.delivery.objects.filter(pk=theirs.pk, attempts=1, state="pending")
    assert ours.update(state="delivered", delivered_at=clock()) == 1
    clock.forward(61)
    assert send_due(clock=clock) == 0


def test_a_row_that_an_old_pod_holds_locked_is_passed_over(
    old: Old, owner: AbstractUser, receiver: Receiver, clock: Clock
) -> None:
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("not of this database: SQLite has one writer at a time; no row is held locked beside it")
    held, free = (told_by_old(old, owner, receiver.url, clock) for _ in range(2))
    upgrade()
    signing_secrets.renew(owner=owner, now=clock())
    locked, done = threading.Event(), threading.Event()

    def old_pod() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM jobs_delivery WHERE id = %s FOR UPDATE SKIP LOCKED", [held.pk])
            locked.set()
            done.wait(30)
            cursor.execute("ROLLBACK")
        connection.close()

    pod = threading.Thread(target=old_pod)
    pod.start()
    locked.wait(30)
    assert send_due(clock=clock) == 1
    done.set()
    pod.join()
    assert ids(receiver) == [webhook_id(free.pk)]
    assert send_due(clock=clock) == 1
    assert ids(receiver) == [webhook_id(free.pk), webhook_id(held.pk)]


def test_messages_go_with_their_job(old: Old, owner: AbstractUser, receiver: Receiver, clock: Clock) -> None:
    row = told_by_old(old, owner, receiver.url, clock)
    upgrade()
    message = told_by_new(old, owner, receiver.url, clock)
    for pk in (row.job_id, UUID(message.subject_id)):
        job = Job.objects.get(pk=pk)
        assert messages(job)
        delete(job=job, now=clock())
        assert not messages(job)
        with pytest.raises(NoCallback):
            replay(job, now=clock())
    assert not old.delivery.objects.exists()
    assert not Message.objects.exists()
    assert send_due(clock=clock) == 0
    assert not receiver.received


def test_who_may_act_on_deliveries_may_act_on_messages(old: Old, owner: AbstractUser) -> None:
    kind, _ = ContentType.objects.get_or_create(app_label="jobs", model="delivery")
    group = Group.objects.create(name=f"support {uuid4().hex}")
    for holder, verb in ((group.permissions, "view"), (owner.user_permissions, "change")):
        permission, _ = kind.permission_set.get_or_create(codename=f"{verb}_delivery", defaults={"name": verb})
        holder.add(permission)
    upgrade()
    group.user_set.add(owner)
    fresh = type(owner).objects.get(pk=owner.pk)
    held = fresh.get_all_permissions()
    assert {name for name in held if name.startswith("notifications.")} == {
        "notifications.view_message",
        "notifications.change_message",
    }
    assert {"jobs.view_delivery", "jobs.change_delivery"} <= held, "old pods ask for these"
