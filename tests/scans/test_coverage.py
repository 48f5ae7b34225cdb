"""How much of a scan's universe its last run answered."""

from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from jobs.services.run_chunk import run_chunk
from scans.selectors import coverage
from scans.services.tick import tick
from tests.scans.test_tick import make


def test_only_a_run_that_is_over_counts(broker: object, owner: AbstractUser, walks: list[str]) -> None:
    make(owner)
    (run,) = tick(now=timezone.now())
    assert coverage() == {}
    for chunk in chunks_of(run.job_id):
        run_chunk(chunk, worker="w", clock=timezone.now)
    assert coverage() == {(str(owner.pk), "s"): 1.0}


def chunks_of(job_id: object) -> list[int]:
    from jobs.models import Chunk

    return list(Chunk.objects.filter(job=job_id).values_list("pk", flat=True))
