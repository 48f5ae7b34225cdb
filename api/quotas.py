"""How many requests an owner may send in a minute of the clock, and the headers that tell what is left of them."""

import time
from dataclasses import dataclass

from django.conf import settings
from limits import RateLimitItemPerMinute
from rest_framework.exceptions import Throttled

from accounts.counters import count

MINUTE = 60
POLICY = "owner"


@dataclass(frozen=True, slots=True)
class Quota:
    """`remaining` is negative once the limit is passed; `reset_seconds` are those until the next minute."""

    limit: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """Return the headers of the IETF draft (ratelimit-headers-10)."""
        return {
            "RateLimit-Policy": f'"{POLICY}";q={self.limit};w={MINUTE}',
            "RateLimit": f'"{POLICY}";r={max(0, self.remaining)};t={self.reset_seconds}',
        }


class RateLimited(Throttled):
    """The owner's requests of this minute are used up."""

    default_code = "rate_limited"
    default_detail = "Too many requests."


def take(owner_id: int) -> Quota | None:
    """Count a request of this owner and return what is left; None where nothing is counted: no limit, or no Redis."""
    limit = settings.REQUESTS_PER_MINUTE
    if not limit:
        return None
    now = time.time()
    minute = int(now // MINUTE)
    key = RateLimitItemPerMinute(limit).key_for(POLICY, str(owner_id), str(minute))
    used = count(key, seconds=2 * MINUTE)
    if used is None:
        return None
    return Quota(limit, limit - used, max(1, round((minute + 1) * MINUTE - now)))
