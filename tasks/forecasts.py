"""Beat's own tasks on models, on the queue whose workers hold one."""

from celery import shared_task

from forecasts.loading import examined
from forecasts.served import served, shadow
from forecasts.services import comparing, falling_back, scoring
from forecasts.services import drift as drifting
from jobs import clock
from tasks.base import PlainTask


@shared_task(name="tasks.forecasts.score", base=PlainTask, time_limit=600)
def score() -> None:
    """Say whether the served model and the shadow can be asked, score what is over, and compare both."""
    examined(served())
    if (beside := shadow()) is not None:
        examined(beside)
    now = clock.now()
    scoring.score(now=now)
    comparing.compare_shadow(now=now)


@shared_task(name="tasks.forecasts.drift", base=PlainTask, time_limit=600)
def drift() -> None:
    """Measure how the served model did of late, and how far today's events are from those it was trained on."""
    now = clock.now()
    falling_back.watch(now=now)
    drifting.measure_drift(now=now)
