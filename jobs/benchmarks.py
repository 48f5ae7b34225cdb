"""The second series of a job: found when it is submitted, loaded with a chunk's bars, and told when each closed.

A stored one is named in the request, an inline one lies in the blob of the job's bars. Its value counts on the first
bar that closes when its own does or later, which takes knowing when bars close: a stored daily bar ends with the day of
its series' zone. Where neither series has a zone or sessions, bars that begin at the same time belong together.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser

from analysis import Bars
from analysis.errors import Fault
from analysis.session_rule import SessionRule
from jobs import inline_bars, storage
from jobs.models import Job
from jobs.requests import JobRequest
from market import selectors as market
from market.errors import MarketError, SeriesNotFound

UNKNOWN_ZONE = "UTC"  # what a series has that nobody gave a zone
# Beside the request in a job's row, for a job is of the data that there was.
FINGERPRINT = "benchmark_fingerprint"


class Found(NamedTuple):
    """A benchmark that a job may have: what names its data, and how many of its bars came with the request."""

    fingerprint: str
    inline_count: int = 0


class Second(NamedTuple):
    """A benchmark's bars, the zone of a stored one, and whether they are those that the job was accepted for."""

    bars: Bars
    zone: str | None = None
    exact: bool = True

    def beside(self, bars: Bars, zone: str | None) -> tuple[Bars, Bars]:
        """Return these bars and the benchmark's, each with its sessions if the zones of both are known to say them."""
        if self.zone is None or zone is None or zone == self.zone == UNKNOWN_ZONE:
            return bars, self.bars
        return _in_days(bars, zone), _in_days(self.bars, self.zone)


def find(owner: AbstractBaseUser, request: JobRequest, timeframe: str) -> tuple[Found | None, list[Fault]]:
    """Return the benchmark that a request asks for, if any, and what is wrong with it."""
    asked = request.benchmark
    if asked is None:
        return None, []
    if isinstance(asked, Bars):
        if asked.timeframe != timeframe:
            detail = f"The benchmark is of {asked.timeframe}, the bars are of {timeframe}."
            return None, [Fault("/benchmark/timeframe", "timeframe_differs", detail)]
        return Found(asked.fingerprint, len(asked)), []
    try:
        (ref,) = market.resolve(owner, symbols=[asked], timeframe=timeframe)
    except MarketError as error:
        if not error.faults:
            return None, [Fault("/benchmark", error.code, error.detail)]
        # What is wrong with the timeframe is told of the request's own series.
        return None, [Fault("/benchmark", one.code, one.detail) for one in error.faults if one.pointer != "/timeframe"]
    return Found(ref.fingerprint), []


def load(job: Job) -> Second | None:
    """Return the job's benchmark, None for a job without one; raise MarketError if its series is gone."""
    symbol = job.request.get("benchmark")
    if symbol is None:
        bars = None if job.bars_blob is None else inline_bars.benchmark_in(storage.unpack(job.bars_blob))
        return None if bars is None else Second(bars)
    gone = SeriesNotFound(f"The {job.timeframe} bars of {symbol}, the benchmark, were deleted.")
    try:
        series = market.find_series(job.owner, symbol, str(job.timeframe))
    except SeriesNotFound:
        raise gone from None
    wanted = {series.pk: job.request.get(FINGERPRINT, "")}
    changed: dict[int, MarketError] = {}
    found = dict(market.load_many([series.pk], fingerprints=wanted, on_fault=changed.__setitem__))
    if changed:
        found = dict(market.load_many([series.pk]))
    if not found:
        raise gone
    return Second(found[series.pk], series.timezone, exact=not changed)


def kept(found: Found | None, request: JobRequest) -> Mapping[str, Any]:
    """Return what a job's row keeps of its benchmark besides the request: the fingerprint of a stored one."""
    return {FINGERPRINT: found.fingerprint} if found is not None and isinstance(request.benchmark, str) else {}


def _in_days(bars: Bars, zone: str) -> Bars:
    """Return bars without sessions as those of the zone's days."""
    if bars.sessions is not None:
        return bars
    table = SessionRule.of_zone(zone).table(bars.time)
    return Bars(**bars.columns(), timeframe=bars.timeframe, sessions=table, closed=bars.closed, symbol=bars.symbol)
