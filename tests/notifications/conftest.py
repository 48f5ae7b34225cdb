from collections.abc import Iterator
from typing import Any

import pytest

from tests.jobs.conftest import Clock
from tests.notifications.receiver import Receiver


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """The client's server, on this machine and by http, as the settings allow here."""
    settings.CALLBACK_NETWORKS = ["127.0.0.0/8"]
    settings.CALLBACK_ALLOW_HTTP = True
    with Receiver().serving() as receiver:
        yield receiver
