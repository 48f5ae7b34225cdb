"""The jobs that `make bench-months` copies are as those of the services: counted, found, archived and deleted."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jobs import archive
from jobs.models import Blob, Job, Tombstone
from jobs.selectors import count_by_state, jobs_of, read_result
from jobs.services.purge import purge_expired
from scripts.months import finished

COUNT = finished.MADE + 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("inline", [True, False])
def test_copies_live_and_end_as_jobs_do(broker: Any, settings: Any, tmp_path: Path, inline: bool) -> None:
    settings.ARCHIVE_DIR = str(tmp_path)
    now = timezone.now()
    finished.fill(COUNT, now - timedelta(days=2), inline=inline, changed={})
    owner = finished.user()
    states = Counter(Job.objects.values_list("state", flat=True))
    assert states == {"succeeded": COUNT}
    assert count_by_state(owner)["succeeded"] == jobs_of(owner, tag="nightly").count() == COUNT
    assert Blob.objects.count() == COUNT * (2 if inline else 1)
    for job in Job.objects.order_by("id")[COUNT - 3 :]:
        assert read_result(job).items
    assert purge_expired(now=now) == COUNT
    assert not Blob.objects.exists()
    for stone in Tombstone.objects.all():
        archive.check(stone)
