"""What the admin says of a training: what is trained, how far it is, and the model that it came to."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import reverse

from forecasts.selectors import registered
from jobs import selectors
from jobs.kinds import Kind
from jobs.models import Job
from jobs.states import TERMINAL

MODEL = "admin:forecasts_modelversion_change"
# What is done in each stage, and what is counted in it.
DONE_OF = {
    "read": ("reading bars", "series"),
    "events": ("finding patterns and what became of them", "series"),
    "gates": ("training on each period and trying by every gate", "trials"),
    "card": ("training on all events", ""),
    "over": ("over", ""),
}


class TrainingHead(NamedTuple):
    """How far a training is: `done` of `total` of a stage; the model it came to with its page, or None where there is
    none or it was deleted since; events `found` of those `needed` where they were too few.
    """

    stage: str
    done: int
    total: int
    counted: str
    model: str | None
    address: str | None
    found: int | None
    needed: int | None

    @property
    def text(self) -> str:
        """Return stage and count in a line."""
        return f"{self.stage}: {self.done:,} of {self.total:,} {self.counted}" if self.counted else self.stage


def training_head(job: Job) -> TrainingHead | None:
    """Return what is known of a training; None of other jobs."""
    if job.kind != Kind.TRAINING:
        return None
    told: Mapping[str, Any] = selectors.training_of(job) or {}
    stage, counted = DONE_OF.get(str(told.get("stage")), ("not begun", ""))
    model = told.get("model")
    return TrainingHead(
        stage,
        told.get("done", 0),
        told.get("total", 0),
        counted,
        model,
        None if model is None else _address(model),
        told.get("found"),
        told.get("needed"),
    )


def progress_text(job: Job) -> str | None:
    """Return how far a training is that is not over; None of all other jobs, which nothing is asked of."""
    if job.kind != Kind.TRAINING or job.state in TERMINAL:
        return None
    told = training_head(job)
    return None if told is None else told.text


def _address(model: str) -> str | None:
    row = registered(model)
    return None if row is None else reverse(MODEL, args=[row.pk])
