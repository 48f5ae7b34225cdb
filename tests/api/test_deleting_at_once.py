"""Several who delete the same jobs at once, and retention beside them: one succeeds, and its archive is whole."""

import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from jobs.models import Blob, Chunk, Job, Tombstone, Transition
from jobs.services.purge import purge_expired
from jobs.services.run_chunk import run_chunk
from tests.api.conftest import Caller
from tests.api.test_bad_input import bars

pytestmark = pytest.mark.django_db(transaction=True)
JOBS = "/api/v1/jobs"
# Each holds a connection, and the pool has eight.
DELETING, RETIRING = 4, 2
COUNT = 60


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.ARCHIVE_DIR = str(tmp_path)
    return tmp_path


def finished(api: Caller, retention: str) -> list[str]:
    body = {"analyses": ["rsi", "macd"], "bars": bars(60), "retention": retention, "reuse": False, "output": "all"}
    made = [api.post(JOBS, body).json()["id"] for _ in range(COUNT // 2)]
    for chunk in Chunk.objects.filter(job__in=made):
        run_chunk(chunk.pk, clock=timezone.now)
    assert Job.objects.filter(pk__in=made, state="succeeded").count() == len(made)
    return made


def test_one_of_many_deletes_a_job_and_its_archive_is_whole(api: Caller, folder: Path) -> None:
    brief, long = finished(api, "1d"), finished(api, "30d")
    # In turns, so that both kinds are fought over all the time.
    ids = [pk for pair in zip(brief, long, strict=True) for pk in pair]
    answers: dict[str, Counter[int]] = {pk: Counter() for pk in ids}
    purged: list[int] = []
    gate = threading.Barrier(DELETING + RETIRING)

    def delete() -> None:
        try:
            gate.wait(10)
            for pk in ids:
                answers[pk][api.delete(f"{JOBS}/{pk}").status_code] += 1
        finally:
            connection.close()

    def retire() -> None:
        try:
            gate.wait(10)
            purged.append(purge_expired(now=timezone.now() + timedelta(days=2)))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for one in [delete] * DELETING + [retire] * RETIRING]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {pk: seen for pk, seen in answers.items() if set(seen) - {204, 410}} == {}
    assert all(answers[pk][204] == 1 for pk in long)
    assert all(answers[pk][204] <= 1 for pk in brief)
    assert sum(answers[pk][204] for pk in brief) + sum(purged) == len(brief)
    assert len(purged) == RETIRING
    assert Tombstone.objects.count() == COUNT
    assert not any(model.objects.exists() for model in (Job, Chunk, Transition, Blob))
    call_command("verify_archives")
    named = set(Tombstone.objects.values_list("archive", flat=True))
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.zst")} == named
    assert list(folder.rglob("*.part")) == []


def test_a_result_that_two_jobs_share_goes_with_the_last_of_them(api: Caller, folder: Path) -> None:
    bodies = [{"analyses": ["rsi"], "bars": bars(60 + n)} for n in range(COUNT // 2)]
    first = [api.post(JOBS, body).json()["id"] for body in bodies]
    for chunk in Chunk.objects.all():
        run_chunk(chunk.pk, clock=timezone.now)
    second = [api.post(JOBS, body).json()["id"] for body in bodies]
    assert Job.objects.filter(reused=True).count() == len(second)
    gate = threading.Barrier(2)
    seen: Counter[int] = Counter()

    def delete(ids: list[str]) -> None:
        try:
            for pk in ids:
                gate.wait(10)
                seen[api.delete(f"{JOBS}/{pk}").status_code] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=delete, args=(ids,)) for ids in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {204: COUNT}
    assert not Blob.objects.exists()
