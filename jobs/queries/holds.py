"""What staff have stopped."""

from collections.abc import Sequence

from django.db import connection

from jobs.models import Hold
from jobs.queries.named import named


@named
def holds() -> list[Hold]:
    """Return everything that is held: never more than there are queues, and one."""
    return list(Hold.objects.order_by("name"))


@named
def any_held(names: Sequence[str]) -> bool:
    """Tell whether one of these is held; plain SQL, for it is asked before every chunk."""
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM jobs_hold WHERE name IN ({places}))", list(names))  # noqa: S608
        return bool(cursor.fetchone()[0])


@named
def add_hold(hold: Hold) -> bool:
    """Write down what is held; False when it was already."""
    _, created = Hold.objects.get_or_create(
        name=hold.name, defaults={"since": hold.since, "by": hold.by, "reason": hold.reason}
    )
    return created


@named
def remove_hold(name: str) -> bool:
    """Forget that this is held; False when it was not."""
    return Hold.objects.filter(name=name).delete()[0] == 1
