"""Callbacks as a client sees them."""

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from jobs.models import Job
from tests.api.conftest import Caller, faults, problem
from tests.api.test_jobs import JOBS, run, submitted
from tests.notifications.receiver import Receiver

SECRET = "/api/v1/callbacks/secret"

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_secret_is_shown_once_and_its_predecessor_ends(api: Caller) -> None:
    problem(api.get(SECRET), 404, "no_secret")
    first = api.post(SECRET)
    assert first.status_code == 201
    assert first.json()["secret"].startswith("whsec_")
    assert first.json()["previous_until"] is None
    assert set(api.get(SECRET).json()) == {"created_at"}
    second = api.post(SECRET).json()
    assert second["secret"] != first.json()["secret"]
    assert second["previous_until"] is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/x",
        "http://example.com",
        "nowhere",
        "https://user:pw@example.com",
    ],
)
def test_an_address_inside_is_refused_and_nothing_stored(api: Caller, url: str) -> None:
    api.post(SECRET)
    body = {"analyses": ["rsi"], "bars": _bars(), "callback_url": url}
    assert ("/callback_url", "address_not_allowed") in faults(api.post(JOBS, body))
    bulk = api.post(f"{JOBS}/bulk", {"jobs": [body]}).json()
    assert bulk["refused"] == 1
    assert not Job.objects.exists()


@pytest.mark.parametrize("url", [5, True, [], {}, "\u0000", "https://example.com/" + "x" * 2_000])
def test_what_is_no_text_is_no_address(api: Caller, url: Any) -> None:
    answer = api.post(JOBS, {"analyses": ["rsi"], "bars": _bars(), "callback_url": url})
    assert answer.status_code in (400, 422)
    assert not Job.objects.exists()


def test_without_a_secret_the_client_learns_how_to_get_one(api: Caller) -> None:
    answer = api.post(JOBS, {"analyses": ["rsi"], "bars": _bars(), "callback_url": "https://example.com/told"})
    assert faults(answer) == {("/callback_url", "no_secret")}


def test_a_message_is_listed_and_sent_again(api: Caller, owner: AbstractUser, receiver: Receiver) -> None:
    api.post(SECRET)
    job = submitted(api, callback_url=receiver.url)
    path = job["links"]["callbacks"]
    assert api.get(path).json() == {"items": []}
    problem(api.post(f"{path}/replay"), 409, "no_callback")
    run(job["id"])
    (item,) = api.get(path).json()["items"]
    assert (item["state"], item["attempts"], item["log"]) == ("pending", 0, [])
    assert item["next_attempt_at"]
    again = api.post(f"{path}/replay")
    assert again.status_code == 202
    assert again.json()["items"][0]["id"] == item["id"]


def _bars() -> dict[str, Any]:
    prices = {name: [1.0] * 60 for name in ("open", "high", "low", "close")}
    return {"timeframe": "1d", "time": [day * 86_400_000 for day in range(60)], **prices}
