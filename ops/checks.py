"""What must be true of the surroundings before production work begins."""

from collections.abc import Sequence
from typing import Any

import structlog
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

from ops.redis_info import UNREACHABLE, ask

log = structlog.get_logger(__name__)

NEEDED_POLICY = "noeviction"


def broker_policy() -> str | None:
    """Return the broker's maxmemory-policy, or None when it does not answer."""
    try:
        policy = ask(settings.BROKER_URL, "memory").get("maxmemory_policy")
    except UNREACHABLE:
        return None
    return str(policy) if policy else None


def broker_policy_check(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return what `manage.py check --deploy` says of the broker."""
    policy = broker_policy()
    if policy is None:
        return [Warning("The broker does not answer, so its maxmemory-policy is unknown.", id="ops.W001")]
    if policy != NEEDED_POLICY:
        return [Error(_refusal(policy), hint=f"Set maxmemory-policy {NEEDED_POLICY} on the broker.", id="ops.E001")]
    return []


def require_safe_broker() -> None:
    """Refuse to start on a broker that may throw messages away; only warn when it does not answer.

    Called at the start of the API and of a worker, in production. The API must start without a broker: it accepts
    jobs into the database.
    """
    policy = broker_policy()
    if policy is None:
        log.warning("broker_unreachable_at_start")
    elif policy != NEEDED_POLICY:
        raise ImproperlyConfigured(_refusal(policy))


def _refusal(policy: str) -> str:
    return f"The broker's maxmemory-policy is {policy}: it may drop messages. It must be {NEEDED_POLICY}."
