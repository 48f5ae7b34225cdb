"""Whether the broker finds its messages again when it is restarted."""

from django.conf import settings

from ops.doctor.finding import Finding, error, ok, warning
from ops.redis_info import ask

NAME = "broker persistence"


def check() -> Finding:
    """Read whether it keeps an append-only file, and whether its last writes succeeded."""
    told = ask(settings.BROKER_URL, "persistence")
    failed = [name for name in ("aof_last_write_status", "rdb_last_bgsave_status") if told.get(name, "ok") != "ok"]
    if failed:
        text = f"The broker could not write to its disk ({', '.join(failed)}) and may refuse messages (MISCONF)."
        return error(text, "Make room on the broker's disk; it goes on by itself.")
    if not told.get("aof_enabled"):
        text = (
            "The broker keeps no append-only file: a restart loses its messages, which are sent again after a minute."
        )
        return warning(text, "Set appendonly yes on the broker, with a volume that outlives it.")
    return ok("The broker keeps an append-only file, and its last writes succeeded.")
