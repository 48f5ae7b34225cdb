"""A chunk that trains a model on its series: what it comes to, and what is told of it meanwhile."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings

from analysis import codec
from forecasts.errors import TrainingLost, TrainingRefused, TrainingStopped
from forecasts.services.candidates import keep_candidate
from forecasts.services.training import Trained, Wanted, train
from jobs import end_reasons
from jobs.compute import Computed, OutOfTime, Stopped
from jobs.errors import TransientFailure
from jobs.kinds import OVER
from jobs.models import Chunk
from jobs.queries import backlog

TELL_SECONDS = 1.0
GONE = "series_not_found"


class _Progress:
    """What the chunk's row says of how far it is, written once a second at most, and with every new stage."""

    def __init__(self, chunk: Chunk) -> None:
        self._chunk = chunk
        self._told_at = 0.0
        self.last: dict[str, Any] = {}

    def tell(self, stage: str, done: int, total: int) -> None:
        is_new = stage != self.last.get("stage")
        self.last = {"stage": stage, "done": done, "total": total}
        if is_new or time.monotonic() - self._told_at >= TELL_SECONDS:
            self._told_at = time.monotonic()
            backlog.note_progress(self._chunk, self.last)


def compute(chunk: Chunk, *, now: datetime, should_continue: Callable[[], bool]) -> Computed:
    """Return the model that is trained on the chunk's series, and by name those that could not be read.

    Where none can be made every symbol fails for the same reason. Raises Stopped when should_continue says no, and
    TransientFailure where the training process was killed.
    """
    symbols = {series_id: symbol for symbol, series_id, *_ in chunk.items if series_id is not None}
    told = _Progress(chunk)
    computed = Computed(packed=codec.pack([]), reusable=False)
    try:
        trained = train(_wanted(chunk, list(symbols)), now=now, should_continue=should_continue, tell=told.tell)
    except TrainingStopped:
        raise Stopped from None
    except TrainingLost as lost:
        raise TransientFailure(str(lost)) from lost
    except TrainingRefused as refused:
        lacking = {"found": refused.found, "needed": refused.needed}
        computed.progress = told.last | {name: n for name, n in lacking.items() if n is not None}
        return _failed(chunk, computed, refused.code, refused.detail)
    except OutOfTime:
        computed.progress = told.last
        detail = f"The {settings.TRAINING_LIMIT_SECONDS} s that a training may take were over."
        return _failed(chunk, computed, end_reasons.OUT_OF_TIME, detail)
    computed.trained = trained
    computed.failures = _unread(chunk, symbols, trained)
    computed.ok_count = chunk.item_count - len(computed.failures)
    return computed


def keep_model(chunk: Chunk, computed: Computed, *, now: datetime) -> None:
    """Keep the model that a chunk has come to, in the transaction that ends it, and name it."""
    if computed.trained is not None:
        row = keep_candidate(computed.trained, now=now)
        named = {"stage": OVER, "done": 1, "total": 1, "model": str(row), "sha256": row.sha256}
        backlog.note_progress(chunk, named)


def _wanted(chunk: Chunk, series_ids: list[int]) -> Wanted:
    universe = chunk.job.request.get("universe")
    title = f"universe {universe}" if universe else "symbols of a job"
    return Wanted(series_ids, title, str(chunk.job.timeframe), chunk.owner_id)


def _unread(chunk: Chunk, symbols: dict[int, str], trained: Trained) -> list[dict[str, Any]]:
    without = [symbol for symbol, series_id, *_ in chunk.items if series_id is None]
    detail = f"There are no {chunk.job.timeframe} bars."
    failures = [{"symbol": symbol, "code": GONE, "detail": detail} for symbol in without]
    for series_id, error in trained.left_out.items():
        failures.append({"symbol": symbols[series_id], "code": error.code, "detail": error.detail})
    return failures


def _failed(chunk: Chunk, computed: Computed, code: str, detail: str) -> Computed:
    computed.error = code
    computed.failures = [{"symbol": symbol, "code": code, "detail": detail} for symbol, *_ in chunk.items]
    return computed
