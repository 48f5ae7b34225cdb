"""What staff see of a training: what is done, how far it is, and a way to the model that it came to."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecasts.models import ModelVersion
from jobs.kinds import STAGES
from jobs.models import Chunk, Job
from jobs.queries import backlog
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.submit_training import submit_training
from jobs.states import State
from jobs.training_page import DONE_OF, training_head
from tests.forecasts import trainable
from tests.jobs.conftest import only_chunk

pytestmark = pytest.mark.django_db
LIST = "/admin/jobs/job/"


@pytest.fixture
def job(owner: AbstractUser, broker: Any, clock: Any, settings: Any, tmp_path: Path) -> Job:
    settings.TRAINED_MODELS_DIR = str(tmp_path / "trained")
    trainable.store(count=trainable.FEW)
    request = JobRequest(analyses=(), universe=trainable.TOO_FEW, reuse=False)
    return submit_training(owner=owner, request=request, now=clock())


def head(client: Client, job: Job) -> str:
    page = client.get(f"{LIST}{job.pk}/change/").content.decode()
    return page[page.index('id="job-head"') :].partition("<details>")[0]


def over(job: Job, progress: dict[str, Any]) -> None:
    Chunk.objects.filter(job=job).update(progress=progress)
    done = {"state": State.SUCCEEDED, "ok_count": trainable.FEW, "finished_at": timezone.now()}
    Job.objects.filter(pk=job.pk).update(**done)


def test_every_stage_is_said_in_words() -> None:
    assert tuple(DONE_OF) == STAGES


def test_while_it_runs_list_and_page_say_what_is_done_and_how_far(job: Job, admin_client: Client) -> None:
    assert "training of a model" in head(admin_client, job)
    assert "not begun" in head(admin_client, job)
    assert backlog.note_progress(only_chunk(job), {"stage": "gates", "done": 3, "total": 1_200})
    said = "training on each period and trying by every gate: 3 of 1,200 trials"
    assert said in head(admin_client, job)
    assert '<progress max="1200" value="3">' in head(admin_client, job)
    assert said in admin_client.get(LIST).content.decode()
    assert "too_few (3)" in admin_client.get(LIST).content.decode()


def test_too_few_events_say_how_many_are_needed(job: Job, admin_client: Client, clock: Any) -> None:
    run_chunk(only_chunk(job).pk, clock=clock)
    told = training_head(job)
    assert told is not None
    assert f"{told.found} events, 2000 are needed" in head(admin_client, job)
    assert "3 of 3 symbols failed" in head(admin_client, job)
    assert "<b>too_few_events</b> × 3" in head(admin_client, job)


def test_it_leads_to_the_model_and_says_when_that_is_gone(job: Job, admin_client: Client) -> None:
    row = ModelVersion.objects.create(
        name="pattern_outcome", version="2.0.1000", sha256="0" * 64, registered_at=timezone.now()
    )
    over(job, {"stage": "over", "done": 1, "total": 1, "model": str(row), "sha256": row.sha256})
    page = head(admin_client, job)
    assert f'href="/admin/forecasts/modelversion/{row.pk}/change/">{row}</a>' in page
    # There is a model and no table, no picture.
    assert "Result table" not in page
    assert "chart.svg" not in admin_client.get(f"{LIST}{job.pk}/change/").content.decode()
    row.delete()
    assert "pattern_outcome/2.0.1000, which was deleted" in head(admin_client, job)


@pytest.mark.parametrize(
    "progress",
    [
        {"stage": "<script>alert(1)</script>", "done": 1, "total": 1},
        {"stage": "over", "done": 1, "total": 1, "model": "<script>alert(1)</script>", "sha256": "x"},
        {"stage": "events"},
        {},
    ],
)
def test_progress_with_anything_in_it_is_a_page_without_that(
    job: Job, admin_client: Client, progress: dict[str, Any]
) -> None:
    Chunk.objects.filter(job=job).update(progress=progress)
    assert "<script>alert(1)" not in head(admin_client, job)
    assert "<script>alert(1)" not in admin_client.get(LIST).content.decode()


def test_of_other_jobs_and_of_what_is_over_the_list_asks_nothing(
    job: Job, admin_client: Client, owner: AbstractUser, clock: Any
) -> None:
    other = submit(owner=owner, request=JobRequest(["rsi"], universe=trainable.TOO_FEW), now=clock())
    assert training_head(other) is None
    assert 'id="training"' not in head(admin_client, other)
    over(job, {"stage": "over", "done": 1, "total": 1, "model": "pattern_outcome/2.0.1000", "sha256": ""})
    with CaptureQueriesContext(connection) as asked:
        page = admin_client.get(LIST).content.decode()
    assert "3 of 3" in page
    assert not [one for one in asked if '"jobs_chunk"' in one["sql"]]
