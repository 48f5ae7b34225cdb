"""Turn a request into a job: its rows are the outbox, so an accepted job can no longer be lost."""

from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from analysis import Plan, __version__
from analysis.errors import Fault, PlanError
from jobs import chunking, dispatch, inline_bars, storage, transitions
from jobs.errors import InvalidRequest
from jobs.fingerprints import job_fingerprint
from jobs.models import Chunk, Job, JobTag
from jobs.queues import queue_for
from jobs.requests import JobRequest
from jobs.states import State
from market import selectors as market
from market.errors import MarketError

ACTOR = "submit"


class Item(NamedTuple):
    """One symbol of a job; inline bars have no series and no known adjustment."""

    symbol: str
    series_id: int | None
    fingerprint: str
    adjustment: str | None
    bar_count: int


def submit(
    *,
    owner: AbstractBaseUser,
    request: JobRequest,
    now: datetime,
    request_id: str = "",
    retry_of: Job | None = None,
) -> Job:
    """Store a job for this request and return it; on commit its first chunks go to the broker.

    The job is born `succeeded` when the same inputs, plan and engine have a stored result and the request allows
    reuse. Raises InvalidRequest with every fault, and stores nothing then.
    """
    plan, timeframe, items = _validated(owner, request)
    fingerprint = job_fingerprint(
        inputs=[(item.symbol, item.fingerprint, item.adjustment) for item in items],
        plan=plan.canonical(),
        asked={key: value for key, value in request.stored().items() if key in _ASKED} | {"timeframe": timeframe},
        engine=__version__,
    )
    costs = [plan.cost_us(item.bar_count) for item in items]
    job = Job(
        owner_id=owner.pk,
        queue=queue_for(plan.kinds, cost_us=sum(costs)),
        request=request.stored(),
        plan=plan.canonical(),
        timeframe=timeframe,
        engine=__version__,
        fingerprint=fingerprint,
        symbol_count=len(items),
        retry_of=retry_of,
        request_id=request_id,
        created_at=now,
    )
    with transaction.atomic():
        twin = _reusable(job) if request.reuse else None
        if twin is not None:
            _begin_reused(job, twin, now)
        else:
            _begin_accepted(job, request, items, costs, now)
        JobTag.objects.bulk_create([JobTag(job=job, tag=tag) for tag in dict.fromkeys(request.tags)])
    return job


_ASKED = ("output", "start", "end", "last")


def _validated(owner: AbstractBaseUser, request: JobRequest) -> tuple[Plan, str, list[Item]]:
    """Return the plan, the timeframe and the items, or raise every fault."""
    faults: list[Fault] = []
    plan: Plan | None = None
    if len(request.analyses) > settings.JOB_MAX_ANALYSES:
        limit = settings.JOB_MAX_ANALYSES
        faults.append(Fault("/analyses", "too_many", f"At most {limit} analyses a job; {len(request.analyses)} given."))
    else:
        try:
            plan = Plan.parse(request.analyses)
        except PlanError as error:
            faults += [Fault(f"/analyses{fault.pointer}", fault.code, fault.detail) for fault in error.faults]
    items: list[Item] = []
    timeframe = request.timeframe or ""
    if request.bars is not None:
        timeframe = str(request.bars.timeframe)
        items = [Item(request.bars.symbol or "inline", None, request.bars.fingerprint, None, len(request.bars))]
    else:
        timeframe = timeframe or "1d"
        try:
            references = market.resolve(owner, symbols=request.symbols, universe=request.universe, timeframe=timeframe)
            items = [
                Item(ref.symbol, ref.series_id, ref.fingerprint, ref.adjustment, ref.bar_count) for ref in references
            ]
        except MarketError as error:
            faults += error.faults or [Fault("/symbols", error.code, error.detail)]
        if len(items) > settings.JOB_MAX_SYMBOLS:
            faults.append(Fault("/symbols", "too_many", f"At most {settings.JOB_MAX_SYMBOLS} symbols a job."))
    if faults or plan is None:
        raise InvalidRequest(faults)
    return plan, timeframe, items


def _reusable(job: Job) -> Job | None:
    """Return this owner's newest succeeded job with the same fingerprint, if any."""
    return (
        Job.objects.filter(owner_id=job.owner_id, fingerprint=job.fingerprint, state=State.SUCCEEDED)
        .exclude(fingerprint="")
        .order_by("-id")
        .first()
    )


def _begin_accepted(job: Job, request: JobRequest, items: list[Item], costs: list[float], now: datetime) -> None:
    if request.bars is not None:
        job.bars_blob = storage.write(inline_bars.pack(request.bars), now=now)
    parts = chunking.split([list(item[:4]) for item in items], costs)
    job.chunk_count = len(parts)
    if dispatch.has_room(job.queue, len(parts)):
        # What the pump would do next, in the same transaction: this is the way of the jobs that somebody waits for.
        job.state = State.QUEUED
        stamps = {"state": State.QUEUED, "queued_at": now, "published_at": now}
        chunks = [_chunk(job, position, part, now, **stamps) for position, part in enumerate(parts)]
        created = transitions.begin(job, chunks, actor=ACTOR, now=now, via=[State.ACCEPTED])
        transaction.on_commit(partial(dispatch.send, job.queue, [chunk.pk for chunk in created]))
        return
    chunks = [_chunk(job, position, part, now) for position, part in enumerate(parts)]
    transitions.begin(job, chunks, actor=ACTOR, now=now)
    transaction.on_commit(partial(dispatch.pump, job.queue, now=now, limit=job.chunk_count))


def _begin_reused(job: Job, twin: Job, now: datetime) -> None:
    """Give the job the twin's stored answers: it is over before it began."""
    finished: dict[str, Any] = {"state": State.SUCCEEDED, "started_at": now, "finished_at": now}
    job.reused = True
    job.bars_blob_id = twin.bars_blob_id
    job.chunk_count, job.ok_count, job.failed_count = twin.chunk_count, twin.ok_count, twin.failed_count
    for name, value in finished.items():
        setattr(job, name, value)
    chunks = [
        _chunk(job, chunk.position, chunk.items, now, blob_id=chunk.blob_id, ok_count=chunk.ok_count, **finished)
        for chunk in twin.chunks.order_by("position")
    ]
    transitions.begin(job, chunks, actor=ACTOR, now=now, reason=f"reused the result of {twin.pk}")


def _chunk(job: Job, position: int, items: list[Any], now: datetime, **also: Any) -> Chunk:
    return Chunk(
        job=job,
        owner_id=job.owner_id,
        position=position,
        queue=job.queue,
        items=items,
        item_count=len(items),
        created_at=now,
        **also,
    )
