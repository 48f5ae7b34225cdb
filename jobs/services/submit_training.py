"""Turn what is asked of a training into a job: one chunk of all series, one at a time for each owner."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError

from analysis import __version__
from analysis.errors import Fault
from jobs import storage_use
from jobs.errors import InvalidRequest, TrainingUnavailable, TrainingUnderWay
from jobs.kinds import Kind
from jobs.models import Job
from jobs.queries import life
from jobs.queues import ML
from jobs.requests import JobRequest
from jobs.services.admission import admit
from jobs.services.draft import Draft, Item, callback_faults, moment_faults
from jobs.services.store import store
from market import selectors as market
from market.errors import MarketError
from market.timeframes import DAILY

USUAL = "1d"
# A training computes nothing of each symbol.
UNASKED = ("analyses", "output")


def submit_training(
    *,
    owner: AbstractBaseUser,
    request: JobRequest,
    now: datetime,
    request_id: str = "",
    retry_of: Job | None = None,
) -> Job:
    """Store a job that trains on the request's series, and return it.

    Raises InvalidRequest with every fault, TrainingUnavailable, TrainingUnderWay, and what admit() raises; nothing is
    stored then.
    """
    if not settings.TRAINED_MODELS_DIR:
        raise TrainingUnavailable("Models are not trained here: TRAINED_MODELS_DIR names no folder.")
    made = _draft(owner, request, now, request_id, retry_of)
    _demand_none(owner.pk)
    admit([made], now=now)
    try:
        store([made], now=now)
    except IntegrityError:
        _demand_none(owner.pk)  # another request was first, in the same moment
        raise
    return made.job


def training_request(job: Job) -> JobRequest:
    """Return what was asked of a training, for another one."""
    return JobRequest.restored(job.request, analyses=(), reuse=False)


def _demand_none(owner_id: int) -> None:
    other = life.training_under_way(owner_id)
    if other is not None:
        raise TrainingUnderWay(f"Your training {other} is not over; one at a time.")


def _draft(owner: AbstractBaseUser, request: JobRequest, now: datetime, request_id: str, retry_of: Job | None) -> Draft:
    timeframe = request.timeframe or USUAL
    faults = moment_faults(request, now) + callback_faults(owner, request)
    if timeframe not in DAILY:
        detail = f"Models are trained on {', '.join(sorted(DAILY))} bars."
        faults.append(Fault("/timeframe", "timeframe_not_trained", detail))
    items: list[Item] = []
    try:
        found = market.resolve(owner, symbols=request.symbols, universe=request.universe, timeframe=timeframe)
        items = [Item(ref.symbol, ref.series_id, ref.fingerprint, ref.adjustment, ref.bar_count) for ref in found]
    except MarketError as error:
        faults += error.faults or [Fault("/symbols", error.code, error.detail)]
    if len(items) > settings.JOB_MAX_SYMBOLS:
        faults.append(Fault("/symbols", "too_many", f"At most {settings.JOB_MAX_SYMBOLS} symbols a job."))
    if faults:
        raise InvalidRequest(faults)
    job = Job(
        owner_id=owner.pk,
        kind=Kind.TRAINING,
        queue=ML,
        request={name: value for name, value in request.stored().items() if name not in UNASKED},
        plan=[],
        timeframe=timeframe,
        engine=__version__,
        symbol_count=len(items),
        chunk_count=1,
        retry_of=retry_of,
        request_id=request_id,
        retention=request.retention or settings.RETENTION_DEFAULT,
        expected_bytes=storage_use.expected(len(items), 0, 0),
        deadline_at=request.deadline_at,
        created_at=now,
    )
    return Draft(job, request, [items], 0)
