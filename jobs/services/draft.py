"""A job before it is stored: checked against the catalogue, the limits and the series there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from analysis import Plan, __version__
from analysis.errors import Fault, PlanError, PricesNotPositive
from analysis.fault_limits import room
from analysis.positive_prices import refuse_what_needs_them
from analysis.timeframe import KNOWN
from forecasts.served import OUTCOMES
from jobs import benchmarks, chunking, outcomes_asked, result_sizes, storage_use
from jobs.errors import InvalidRequest
from jobs.fingerprints import job_fingerprint
from jobs.models import Job
from jobs.queues import queue_for
from jobs.read_once import Planned, ReadOnce
from jobs.requests import JobRequest
from market.errors import MarketError
from notifications.addresses import refusal
from notifications.signing_secrets import created_at


class Item(NamedTuple):
    """One symbol of a job; inline bars have no series and no known adjustment."""

    symbol: str
    series_id: int | None
    fingerprint: str
    adjustment: str | None
    bar_count: int


@dataclass(slots=True)
class Draft:
    """A job that may be stored, its items cut into the parts that will be its chunks.

    `result_bytes` is what its results are expected to come to before they are compressed.
    """

    job: Job
    request: JobRequest
    parts: list[list[Item]]
    result_bytes: int


def draft(
    *,
    owner: AbstractBaseUser,
    request: JobRequest,
    now: datetime,
    request_id: str = "",
    retry_of: Job | None = None,
    waited_for: bool = True,
    once: ReadOnce | None = None,
) -> Draft:
    """Return the job that this request would be; raise InvalidRequest with every fault.

    Nobody waits for what is submitted in sets or by the clock (`waited_for` is False): however small, it keeps out of
    the queue of those who do. `once` is what it shares with others of its set.
    """
    planned, timeframe, items, sizes, second = _validated(owner, request, now, once or ReadOnce(owner))
    plan = planned.plan
    fingerprint = job_fingerprint(
        inputs=[(item.symbol, item.fingerprint, item.adjustment) for item in items],
        plan=planned.meaning,
        asked=request.identity() | {"timeframe": timeframe} | _of_benchmark(second),
        sources=planned.sources,
    )
    costs = [plan.cost_us(item.bar_count) for item in items]
    parts = chunking.split(
        items,
        costs,
        sizes,
        target_ms=settings.CHUNK_TARGET_MILLISECONDS,
        most_bytes=settings.RESULT_MAX_BYTES,
    )
    job = Job(
        owner_id=owner.pk,
        queue=queue_for(detects=plan.detects, cost_us=sum(costs), waited_for=waited_for, foretells=planned.foretells),
        request={**request.stored(), **benchmarks.kept(second, request)},
        plan=planned.canonical,
        timeframe=timeframe,
        engine=__version__,
        fingerprint=fingerprint,
        sources=planned.sources_digest,
        symbol_count=len(items),
        chunk_count=len(parts),
        retry_of=retry_of,
        request_id=request_id,
        traceparent=_traceparent(),
        retention=request.retention or settings.RETENTION_DEFAULT,
        expected_bytes=storage_use.expected(len(items), sum(sizes), _inline_count(request, second)),
        deadline_at=request.deadline_at,
        created_at=now,
    )
    return Draft(job, request, parts, sum(sizes))


def _traceparent() -> str:
    """Return the span of the request that is being answered, as the log's context has it where requests are traced."""
    return structlog.contextvars.get_contextvars().get("traceparent", "") if settings.TRACES_URL else ""


def _of_benchmark(second: benchmarks.Found | None) -> dict[str, str]:
    return {} if second is None else {"benchmark": second.fingerprint}


def _inline_count(request: JobRequest, second: benchmarks.Found | None) -> int:
    """Return how many bars came with the request."""
    bars = 0 if request.bars is None else len(request.bars)
    return bars + (0 if second is None else second.inline_count)


def _validated(
    owner: AbstractBaseUser, request: JobRequest, now: datetime, once: ReadOnce
) -> tuple[Planned, str, Sequence[Item], Sequence[int], benchmarks.Found | None]:
    """Return the plan, the timeframe, the items, the sizes of their results and the benchmark, or raise every fault."""
    faults = moment_faults(request, now) + callback_faults(owner, request)
    timeframe = request.timeframe or "1d" if request.bars is None else str(request.bars.timeframe)
    planned: Planned | None = None
    if len(request.analyses) > settings.JOB_MAX_ANALYSES:
        limit = settings.JOB_MAX_ANALYSES
        faults.append(Fault("/analyses", "too_many", f"At most {limit} analyses a job; {len(request.analyses)} given."))
    else:
        try:
            # One that there is none of is the fault of the request, told below.
            planned = once.planned(request.analyses, timeframe if timeframe in KNOWN else None)
        except PlanError as error:
            faults += [Fault(f"/analyses{fault.pointer}", fault.code, fault.detail) for fault in error.faults]
        else:
            others = sorted(planned.plan.kinds - {request.kind}) if request.kind else []
            if others:
                detail = f"Only analyses of kind {request.kind} here; {', '.join(others)} given. POST /jobs takes all."
                faults.append(Fault("/analyses", "wrong_kind", detail))
            faults += _sign_faults(planned.plan, request) + _reasons_faults(request)
    if len(faults) >= room():
        raise InvalidRequest(faults)
    items: list[Item] = []
    if request.bars is not None:
        items = [Item(request.bars.symbol or "inline", None, request.bars.fingerprint, None, len(request.bars))]
    else:
        try:
            references = once.series(symbols=request.symbols, universe=request.universe, timeframe=timeframe)
            items = [
                Item(ref.symbol, ref.series_id, ref.fingerprint, ref.adjustment, ref.bar_count) for ref in references
            ]
        except MarketError as error:
            faults += error.faults or [Fault("/symbols", error.code, error.detail)]
        if len(items) > settings.JOB_MAX_SYMBOLS:
            faults.append(Fault("/symbols", "too_many", f"At most {settings.JOB_MAX_SYMBOLS} symbols a job."))
    second, wrong = benchmarks.find(owner, request, timeframe)
    faults += wrong
    sizes: list[int] = []
    if planned is not None:
        sizes, too_large = result_sizes.sizes(planned.plan, request, items, timeframe, now)
        faults += too_large
    if faults or planned is None:
        raise InvalidRequest(faults)
    return planned, timeframe, items, sizes, second


def callback_faults(owner: AbstractBaseUser, request: JobRequest) -> list[Fault]:
    """Return what is wrong with where the owner wants to be told, or with how: unsigned messages are not sent."""
    if request.callback_url is None:
        return []
    why = refusal(request.callback_url)
    if why is not None:
        return [Fault("/callback_url", "address_not_allowed", why)]
    if created_at(owner.pk) is None:
        return [Fault("/callback_url", "no_secret", "Make a signing secret first: POST /api/v1/callbacks/secret.")]
    return []


def _sign_faults(plan: Plan, request: JobRequest) -> list[Fault]:
    """Return what cannot be computed on the request's own bars; of stored ones the worker says it by symbol."""
    try:
        if request.bars is not None:
            refuse_what_needs_them(plan, request.bars)
    except PricesNotPositive as error:
        return [Fault("/analyses", error.code, error.detail)]
    return []


def _reasons_faults(request: JobRequest) -> list[Fault]:
    """Return what is wrong with asking for reasons: they are of predictions, and nobody has asked for any."""
    if request.reasons is None or outcomes_asked.asks(request.analyses):
        return []
    return [
        Fault(
            "/reasons",
            "nothing_to_explain",
            f"They are of predictions: name {' or '.join(OUTCOMES)} among the analyses.",
        )
    ]


def moment_faults(request: JobRequest, now: datetime) -> list[Fault]:
    """Return what is wrong with the moments that frame the work."""
    faults = []
    latest = now + timedelta(days=settings.START_AFTER_MAX_DAYS)
    if request.start_after is not None and request.start_after > latest:
        detail = f"At most {settings.START_AFTER_MAX_DAYS} days ahead."
        faults.append(Fault("/start_after", "too_far_ahead", detail))
    if request.deadline_at is not None and request.deadline_at <= max(now, request.start_after or now):
        after = "start_after" if request.start_after and request.start_after > now else "now"
        faults.append(Fault("/deadline_at", "not_in_future", f"This is not after {after}."))
    return faults
