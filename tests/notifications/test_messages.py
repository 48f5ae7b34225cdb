"""Messages of any app: owed once, rendered by who owes them, gone with their subject, left to who can send them."""

import json
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection, transaction

from notifications import kinds
from notifications.models import Message
from notifications.selectors import messages
from notifications.services.enqueue import NewMessage, enqueue, enqueue_all
from notifications.services.forget import forget
from notifications.services.replay import replay
from notifications.services.send_due import send_due
from tests.jobs.conftest import Clock
from tests.notifications.receiver import Receiver

KIND = "kettle.boiled"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kettles() -> Iterator[dict[str, dict[str, Any]]]:
    """What there is to tell; a kind of these tests' own."""
    there: dict[str, dict[str, Any]] = {}
    kinds.register_kind(KIND, render=lambda ids: {pk: there[pk] for pk in ids if pk in there})
    yield there
    kinds._renders.pop(KIND, None)


def test_a_message_says_what_its_kind_renders(
    kettles: dict[str, Any], owner: AbstractUser, secret: str, receiver: Receiver, clock: Clock
) -> None:
    kettles["k1"] = {"type": KIND, "data": {"degrees": 100}}
    enqueue(KIND, "k1", owner.pk, "webhook", receiver.url, now=clock())
    assert send_due(clock=clock) == 1
    ((headers, body),) = receiver.received
    assert json.loads(body) == kettles["k1"]
    (row,) = messages(KIND, "k1")
    assert headers["webhook-id"] == f"msg_{row.pk.hex}" == str(row)


def test_what_is_owed_twice_is_owed_once(kettles: dict[str, Any], owner: AbstractUser, clock: Clock) -> None:
    for _ in range(2):
        with transaction.atomic():
            enqueue(KIND, "k1", owner.pk, "webhook", "https://example.com/a", now=clock())
    enqueue(KIND, "k1", owner.pk, "webhook", "https://example.com/b", now=clock())
    assert len(messages(KIND, "k1")) == 2


@pytest.mark.parametrize(("kind", "channel"), [("nobody's", "webhook"), (KIND, "pigeon")])
def test_what_could_never_be_sent_is_not_owed(
    kind: str, channel: str, kettles: dict[str, Any], owner: AbstractUser, clock: Clock
) -> None:
    with pytest.raises(LookupError):
        enqueue(kind, "k1", owner.pk, channel, "https://example.com/", now=clock())
    assert not Message.objects.exists()


def test_nobody_is_told_of_what_is_gone(
    kettles: dict[str, Any], owner: AbstractUser, secret: str, receiver: Receiver, clock: Clock
) -> None:
    """As when an old pod deletes a job: it does not know of this table."""
    kettles["still there"] = {"type": KIND}
    for subject in ("still there", "gone"):
        enqueue(KIND, subject, owner.pk, "webhook", receiver.url, now=clock())
    assert send_due(clock=clock) == 1
    assert len(receiver.received) == 1
    assert [row.subject_id for row in Message.objects.all()] == ["still there"]


def test_what_only_another_release_can_send_is_left_to_it(
    kettles: dict[str, Any], owner: AbstractUser, secret: str, receiver: Receiver, clock: Clock
) -> None:
    kettles["k1"] = {"type": KIND}
    enqueue(KIND, "k1", owner.pk, "webhook", receiver.url, now=clock())
    render = kinds._renders.pop(KIND)
    assert send_due(clock=clock) == 0
    (row,) = messages(KIND, "k1")
    assert (row.state, row.attempts) == ("pending", 0)
    kinds.register_kind(KIND, render=render)
    assert send_due(clock=clock) == 1


def test_what_is_forgotten_is_neither_sent_nor_replayed(
    kettles: dict[str, Any], owner: AbstractUser, secret: str, receiver: Receiver, clock: Clock
) -> None:
    for subject in ("k1", "k2", "k3"):
        kettles[subject] = {"type": KIND}
        enqueue(KIND, subject, owner.pk, "webhook", receiver.url, now=clock())
    forget(KIND, ["k1", "k3"])
    forget("job.ended", ["k2"])
    assert replay(KIND, "k1", now=clock()) == 0
    assert send_due(clock=clock) == 1
    assert messages(KIND, "k2")


def test_two_senders_at_once_send_each_message_once(
    kettles: dict[str, Any], owner: AbstractUser, secret: str, receiver: Receiver, clock: Clock
) -> None:
    subjects = [str(uuid4()) for _ in range(40)]
    kettles |= {subject: {"type": KIND} for subject in subjects}
    new = [NewMessage(KIND, subject, owner.pk, "webhook", receiver.url) for subject in subjects]
    enqueue_all(new, now=clock())
    tried: list[int] = []
    begin = threading.Barrier(2)

    def sender() -> None:
        try:
            begin.wait()
            tried.append(send_due(clock=clock))
        finally:
            connection.close()

    threads = [threading.Thread(target=sender) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [headers["webhook-id"] for headers, _ in receiver.received]
    assert (sum(tried), len(ids), len(set(ids))) == (40, 40, 40)
