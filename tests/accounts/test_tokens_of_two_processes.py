"""Two API processes: where the tokens were ended they end at once, in the other after what it may remember a user."""

import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from django.contrib.auth.models import AbstractUser

from accounts.tokens import StampedRefreshToken
from tests.api.server import served

COUNTS = "/api/v1/jobs/counts"
REMEMBERED_SECONDS = 1.5


def status(address: str, token: str) -> int:
    return httpx2.get(address + COUNTS, headers={"Authorization": f"Bearer {token}"}, timeout=30).status_code


@pytest.mark.django_db(transaction=True)
def test_a_token_ends_in_every_process_within_the_stated_seconds(
    owner: AbstractUser, broker: Any, cache: Any, tmp_path: Path
) -> None:
    (tmp_path / "second").mkdir()
    kept = {"API_KEY_CACHE_SECONDS": str(REMEMBERED_SECONDS)}
    with served(tmp_path, **kept) as here, served(tmp_path / "second", **kept) as there:
        for end in ("revoke", "password"):
            refresh = StampedRefreshToken.for_user(type(owner).objects.get(pk=owner.pk))
            token = str(refresh.access_token)
            assert {status(here, token), status(there, token)} == {200}
            if end == "revoke":
                gone = httpx2.post(f"{here}/api/v1/token/revoke", headers={"Authorization": f"Bearer {token}"})
                assert gone.status_code == 204, gone.text
                assert status(here, token) == 401
            else:
                owner.set_password("another long password")
                owner.save()
            time.sleep(REMEMBERED_SECONDS)
            assert {status(here, token), status(there, token)} == {401}
            refused = httpx2.post(f"{there}/api/v1/token/refresh", json={"refresh": str(refresh)}, timeout=30)
            assert refused.status_code == 401
