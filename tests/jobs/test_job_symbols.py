"""The symbols of jobs that were there before the table was."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from jobs.models import JobSymbol
from jobs.requests import JobRequest
from jobs.services.submit import submit


@pytest.mark.django_db
def test_the_migration_adds_what_submitting_would_have(owner: AbstractUser, walks: list[str]) -> None:
    submit(owner=owner, request=JobRequest(analyses=["rsi"], universe="walks"), now=timezone.now())
    job = submit(owner=owner, request=JobRequest(analyses=["sma"], symbols=walks[:2]), now=timezone.now())
    stored = set(JobSymbol.objects.values_list("job_id", "symbol"))
    assert {symbol for job_id, symbol in stored if job_id == job.pk} == set(walks[:2])
    assert len(stored) == len(walks) + 2
    JobSymbol.objects.all().delete()
    import_module("jobs.migrations.0005_job_symbols").fill(apps, None)
    assert set(JobSymbol.objects.values_list("job_id", "symbol")) == stored
    assert JobSymbol.objects.count() == len(stored)
