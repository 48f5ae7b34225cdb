"""Messages that a job is over: owed with its end, sent until they are taken, signed."""

import json
import logging
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from standardwebhooks import Webhook, WebhookVerificationError

from jobs.callbacks import messages, replay
from jobs.errors import InvalidRequest, NoCallback
from jobs.models import Job
from jobs.requests import JobRequest
from jobs.services.cancel import cancel
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from notifications import backoff, signing_secrets
from notifications.models import Message
from notifications.services import send_due as service
from notifications.services.send_due import send_due
from tests.bars import random_walk
from tests.jobs.conftest import Clock, only_chunk
from tests.notifications.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ended(owner: AbstractUser, clock: Clock, broker: Any, secret: str) -> Callable[[str], Job]:
    def make(url: str) -> Job:
        job = submitted(owner, clock, url)
        run_chunk(only_chunk(job).pk, worker="w", clock=clock)
        return Job.objects.get(pk=job.pk)

    return make


def submitted(owner: AbstractUser, clock: Clock, url: str, **fields: Any) -> Job:
    request = JobRequest(analyses=["rsi"], bars=random_walk(60), callback_url=url, **{"reuse": False, **fields})
    return submit(owner=owner, request=request, now=clock())


def test_the_end_of_a_job_is_told_signed_and_once(
    ended: Callable[[str], Job], receiver: Receiver, secret: str, clock: Clock
) -> None:
    job = ended(receiver.url)
    assert send_due(clock=clock) == 1
    assert send_due(clock=clock) == 0
    ((headers, body),) = receiver.received
    told = Webhook(secret).verify(body, headers)
    assert told["type"] == "job.succeeded"
    assert told["data"]["id"] == str(job.pk)
    assert told["data"]["symbols"] == {"total": 1, "ok": 1, "failed": 0}
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert receiver.paths == ["/told?token=of-the-client"]
    (delivery,) = messages(job)
    assert delivery.state == "delivered"
    assert [attempt["status"] for attempt in delivery.log] == [204]


@pytest.mark.parametrize("how", ["cancelled", "reused"])
def test_jobs_that_end_without_a_worker_are_told_as_well(
    how: str, owner: AbstractUser, ended: Callable[[str], Job], receiver: Receiver, clock: Clock
) -> None:
    if how == "cancelled":
        job = cancel(job=submitted(owner, clock, receiver.url), actor="test", now=clock())
    else:
        ended(receiver.url)
        send_due(clock=clock)
        receiver.received.clear()
        job = submitted(owner, clock, receiver.url, reuse=True)
        assert job.reused
    send_due(clock=clock)
    assert json.loads(receiver.received[-1][1])["data"] == {
        **json.loads(receiver.received[-1][1])["data"],
        "id": str(job.pk),
        "state": str(Job.objects.get(pk=job.pk).state),
    }


def test_a_job_without_callback_owes_nothing(owner: AbstractUser, broker: Any, clock: Clock) -> None:
    request = JobRequest(analyses=["rsi"], bars=random_walk(60), reuse=False)
    job = submit(owner=owner, request=request, now=clock())
    run_chunk(only_chunk(job).pk, worker="w", clock=clock)
    assert not Message.objects.exists()
    with pytest.raises(NoCallback):
        replay(job, now=clock())


def test_a_refused_message_comes_again_under_the_same_id(
    ended: Callable[[str], Job], receiver: Receiver, secret: str, clock: Clock
) -> None:
    job = ended(receiver.url)
    receiver.answers = [500, 503, 200]
    for _ in range(3):
        assert send_due(clock=clock) == 1
        assert send_due(clock=clock) == 0, "no second attempt before its pause is over"
        clock.forward(3_600)
    assert len({headers["webhook-id"] for headers, _ in receiver.received}) == 1
    (delivery,) = messages(job)
    assert delivery.state == "delivered"
    assert [attempt["status"] for attempt in delivery.log] == [500, 503, 200]


def test_pauses_grow_and_end(ended: Callable[[str], Job], receiver: Receiver, clock: Clock) -> None:
    job = ended(receiver.url)
    receiver.answers = [500]
    pauses = []
    while (delivery := messages(job)[0]).state == "pending":
        clock.now = max(clock.now, delivery.due_at)
        send_due(clock=clock)
        pauses.append((messages(job)[0].due_at - clock.now).total_seconds())
    assert delivery.state == "dead"
    assert len(receiver.received) == backoff.MOST_ATTEMPTS
    assert all(later > 2 * sooner for sooner, later in pairwise(pauses[:-1]))


def test_what_died_is_sent_again_when_asked(ended: Callable[[str], Job], receiver: Receiver, clock: Clock) -> None:
    job = ended(receiver.url)
    receiver.answers = [410, 200]
    send_due(clock=clock)
    assert messages(job)[0].state == "dead", "410 says that nobody wants it any more"
    replay(job, now=clock())
    send_due(clock=clock)
    assert messages(job)[0].state == "delivered"


def test_redirects_are_not_followed(ended: Callable[[str], Job], receiver: Receiver, clock: Clock) -> None:
    with Receiver().serving() as elsewhere:
        receiver.answers, receiver.location = [307], elsewhere.url
        job = ended(receiver.url)
        send_due(clock=clock)
        assert not elsewhere.received
    assert messages(job)[0].log[-1]["error"] == "redirect_not_followed"


def test_a_receiver_that_is_away_or_drips_costs_nobody_else(
    ended: Callable[[str], Job], receiver: Receiver, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "TOTAL_SECONDS", 1.0)
    with Receiver().serving() as dripping:
        dripping.drips = True
        away, slow, well = ended("http://127.0.0.1:1025/x"), ended(dripping.url), ended(receiver.url)
        send_due(clock=clock)
    errors = {job.pk: messages(job)[0].log[-1]["error"] for job in (away, slow, well)}
    assert errors == {away.pk: "unreachable", slow.pk: "timeout", well.pk: ""}


def test_an_address_that_is_no_longer_allowed_gets_nothing(
    ended: Callable[[str], Job], receiver: Receiver, clock: Clock, settings: Any
) -> None:
    # The last five are as a release that took them has stored them.
    hosts = ("127.0.0.1", "localhost", "localhost.", "127.0.0.1.", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[fec0::1]")
    jobs = [ended(receiver.url) for _ in hosts]
    for job, host in zip(jobs, hosts, strict=True):
        (message,) = messages(job)
        message.address = f"http://{host}:{receiver.port}/x"
        message.save()
    settings.CALLBACK_NETWORKS = []
    send_due(clock=clock)
    for job in jobs:
        (delivery,) = messages(job)
        assert (delivery.state, delivery.log[-1]["error"]) == ("dead", "address_not_allowed")
    assert not receiver.received


def test_a_certificate_that_nobody_vouches_for_is_refused_and_named(
    ended: Callable[[str], Job], receiver: Receiver, untrusted: ssl.SSLContext, clock: Clock
) -> None:
    with Receiver(untrusted).serving() as disguised:
        job = ended(f"https://localhost:{disguised.port}/x")
        send_due(clock=clock)
        assert not disguised.received
    assert messages(job)[0].log[-1]["error"] == "certificate_invalid"


def test_for_a_day_both_secrets_sign(
    owner: AbstractUser, ended: Callable[[str], Job], receiver: Receiver, secret: str, clock: Clock
) -> None:
    clock.now = datetime.now(UTC)
    renewed = signing_secrets.renew(owner=owner, now=clock())
    assert renewed.previous_until == clock() + timedelta(hours=24)
    ended(receiver.url)
    send_due(clock=clock)
    headers, body = receiver.received[-1]
    for good in (secret, renewed.secret):
        Webhook(good).verify(body, headers)
    clock.forward(25 * 3_600)
    assert signing_secrets.active_secrets(owner.pk, now=clock()) == [renewed.secret]
    with pytest.raises(WebhookVerificationError):
        Webhook(signing_secrets.renew(owner=owner, now=clock()).secret).verify(body, headers)


def test_without_a_secret_a_callback_is_refused(owner: AbstractUser, broker: Any, clock: Clock) -> None:
    with pytest.raises(InvalidRequest) as refused:
        submitted(owner, clock, "https://example.com/x")
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/callback_url", "no_secret")]
    assert not Job.objects.exists()


def test_the_message_is_written_with_the_end_or_not_at_all(
    owner: AbstractUser, receiver: Receiver, secret: str, broker: Any, clock: Clock
) -> None:
    job = submitted(owner, clock, receiver.url)
    with transaction.atomic():
        cancel(job=job, actor="test", now=clock())
        assert Message.objects.exists()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert Job.objects.get(pk=job.pk).finished_at is None


def test_logs_hold_neither_secret_nor_address(
    ended: Callable[[str], Job], receiver: Receiver, secret: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ended(receiver.url)
    send_due(clock=clock)
    written = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("jobs", "notifications", "httpx2"))
    )
    assert "callback_attempted" in written
    assert "of-the-client" not in written
    assert secret not in written
