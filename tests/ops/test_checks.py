"""A broker that may drop messages is refused; one that does not answer is not."""

import time
from typing import Any

import pytest
import redis
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured

from ops.checks import broker_policy_check, require_safe_broker
from ops.middleware import RequestMiddleware

pytestmark = pytest.mark.alone  # the policy is the whole server's


def test_the_broker_must_not_evict(broker: Any, settings: Any) -> None:
    require_safe_broker()
    assert broker_policy_check(None) == []
    with redis.Redis.from_url(project.BROKER_URL) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            with pytest.raises(ImproperlyConfigured, match="allkeys-lru"):
                require_safe_broker()
            assert [message.id for message in broker_policy_check(None)] == ["ops.E001"]
            settings.PRODUCTION = True
            with pytest.raises(ImproperlyConfigured):
                RequestMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
        finally:
            client.config_set("maxmemory-policy", "noeviction")


@pytest.mark.parametrize("url", ["redis://127.0.0.1:9/0", "redis://192.0.2.1:6379/0", "nonsense"])
def test_a_broker_that_is_away_is_a_warning_and_costs_no_time(settings: Any, url: str) -> None:
    settings.BROKER_URL = url
    began = time.monotonic()
    require_safe_broker()
    assert time.monotonic() - began < 1.5
    assert [message.id for message in broker_policy_check(None)] == ["ops.W001"]
