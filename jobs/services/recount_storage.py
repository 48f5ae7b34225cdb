"""Count what an owner's jobs take again, from the jobs: an older release deletes them without giving anything back."""

from django.db import transaction

from jobs import storage_use
from jobs.queries import storage
from jobs.queries.storage import Used


def recount(owner_id: int) -> tuple[Used, Used]:
    """Correct the sums of an owner's storage, and return what they were and are.

    Jobs may end and be deleted meanwhile: with all parts locked, a job is in the jobs that are summed, or is added
    afterwards by who has yet to commit it.
    """
    with transaction.atomic():
        for part in range(storage_use.PARTS):
            storage.add_use(owner_id, part, 0, 0)
        before = storage.parts_of(owner_id)
        sums = storage.sums_of_jobs(owner_id)
        promised = sum(storage_use.byte_days(size, name) for name, size in sums.items())
        after = Used(sum(sums.values()), promised)
        storage.add_use(owner_id, 0, after.stored_bytes - before.stored_bytes, after.byte_days - before.byte_days)
    return before, after
