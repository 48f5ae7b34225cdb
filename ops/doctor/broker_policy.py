"""What the broker does when its memory is full."""

from django.conf import settings

from ops.checks import NEEDED_POLICY
from ops.doctor.finding import Finding, error, ok, warning
from ops.redis_info import ask

NAME = "broker policy"
FULL_SHARE = 0.8


def check() -> Finding:
    """Read its policy, and how much of its memory is used."""
    told = ask(settings.BROKER_URL, "memory")
    policy, most = told.get("maxmemory_policy"), int(told.get("maxmemory", 0))
    if policy != NEEDED_POLICY:
        text = f"The broker's maxmemory-policy is {policy}: it may throw messages away."
        return error(
            text, f"Set maxmemory-policy {NEEDED_POLICY} on the broker, and give the cache a server of its own."
        )
    share = int(told["used_memory"]) / most if most else 0.0
    if share >= FULL_SHARE:
        text = f"The broker uses {share:.0%} of its maxmemory; when it is full it refuses messages."
        return warning(
            text, "Raise its maxmemory, or lower QUEUE_WINDOW, the number of messages a queue may hold there."
        )
    return ok(f"The broker's maxmemory-policy is {policy}" + (f", {share:.0%} of its memory is used." if most else "."))
