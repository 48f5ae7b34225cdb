"""What staff see of messages, and the one thing they may do."""

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser, Permission
from django.test import Client

from jobs.callbacks import KIND
from jobs.models import Delivery
from jobs.requests import JobRequest
from jobs.services.submit import submit
from notifications.models import Message
from notifications.states import MessageState
from tests.bars import random_walk
from tests.jobs.conftest import Clock

ADDRESS = "https://example.com/told?token=of-the-client"
LIST = {"message": "/admin/notifications/message/", "delivery": "/admin/jobs/delivery/"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead(owner: AbstractUser, broker: Any, clock: Clock) -> dict[str, Any]:
    """A message of each table that has died, as the admin names them."""
    request = JobRequest(analyses=["rsi"], bars=random_walk(60))
    job = submit(owner=owner, request=request, now=clock())
    also = {"state": "dead", "attempts": 8, "due_at": clock(), "created_at": clock()}
    message = Message.objects.create(owner=owner, kind=KIND, subject_id="x", channel="webhook", address=ADDRESS, **also)
    return {"message": message, "delivery": Delivery.objects.create(job=job, url=ADDRESS, **also)}


@pytest.mark.parametrize("table", LIST)
def test_they_are_shown_without_their_addresses(table: str, dead: dict[str, Any], admin_client: Client) -> None:
    for page in (LIST[table], f"{LIST[table]}{dead[table].pk}/change/"):
        answer = admin_client.get(page)
        assert answer.status_code == 200
        assert "example.com" in answer.content.decode()
        assert "of-the-client" not in answer.content.decode()


@pytest.mark.parametrize("table", LIST)
def test_they_cannot_be_edited_made_or_deleted(table: str, dead: dict[str, Any], admin_client: Client) -> None:
    row = f"{LIST[table]}{dead[table].pk}"
    assert admin_client.post(f"{row}/change/", {"state": "pending"}).status_code == 403
    assert admin_client.post(f"{row}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.get(f"{LIST[table]}add/").status_code == 403


@pytest.mark.parametrize("may", [False, True])
@pytest.mark.parametrize("table", LIST)
def test_who_may_change_them_has_them_sent_again(
    table: str, may: bool, dead: dict[str, Any], owner: AbstractUser, client: Client
) -> None:
    owner.is_staff = True
    owner.save()
    verbs = ("view", "change") if may else ("view",)
    owner.user_permissions.set(Permission.objects.filter(codename__in=[f"{verb}_{table}" for verb in verbs]))
    client.force_login(owner)
    row = dead[table]
    client.post(LIST[table], {"action": "send_again", "_selected_action": [str(row.pk)]})
    row.refresh_from_db()
    assert (row.state, row.attempts) == ((MessageState.PENDING, 0) if may else (MessageState.DEAD, 8))
