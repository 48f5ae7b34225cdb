"""Beat's own tasks on models, on the queue whose workers hold one."""

from celery import shared_task

from forecasts.loading import examined
from forecasts.served import OUTCOMES, names_served, served, shadow
from forecasts.services import comparing, falling_back, scoring
from forecasts.services import drift as drifting
from jobs import clock
from tasks.base import PlainTask


@shared_task(name="tasks.forecasts.score", base=PlainTask, time_limit=600)
def score() -> None:
    """Say whether each served model and its shadow can be asked, score what is over, and compare both."""
    for name in names_served():
        examined(served(name))
    for name in OUTCOMES:
        if (beside := shadow(name)) is not None:
            examined(beside)
    now = clock.now()
    scoring.score(now=now)
    for name in OUTCOMES:
        comparing.compare_shadow(name, now=now)


@shared_task(name="tasks.forecasts.drift", base=PlainTask, time_limit=600)
def drift() -> None:
    """Measure how each served model did of late, and how far today's events are from those it was trained on."""
    now = clock.now()
    for name in OUTCOMES:
        falling_back.watch(name, now=now)
        drifting.measure_drift(name, now=now)
