"""The picture of one symbol of a job: its bars with what was computed and found drawn in."""

from collections.abc import Sequence
from datetime import datetime

import charts
from analysis import Plan
from analysis.errors import Fault
from jobs import inputs
from jobs.errors import InvalidRequest
from jobs.models import Job
from jobs.queries import reads
from jobs.results import columns_named, read_symbol


def result_chart(
    job: Job,
    *,
    symbol: str | None = None,
    last: int = 200,
    end: datetime | None = None,
    event: str | None = None,
    columns: Sequence[str] | None = None,
    width: int = charts.WIDTH,
    height: int | None = None,
) -> str:
    """Return an SVG of the symbol's last bars (the job's first symbol by default), or of those around one event.

    With `end` they are the last before that moment. Raises InvalidRequest for a symbol, an event or a column that the
    job does not have, for no bars, and for a height that does not have room; ResultNotReady while it is under way.
    """
    symbol = symbol or reads.chunks_from(job, 0)[0].items[0][0]
    result = read_symbol(job, symbol)
    if result is None:
        raise _refused("?symbol", "unknown_symbol", f"{symbol!r} is not one of the job's symbols.")
    if "columns" not in result:
        raise _refused("?symbol", "no_result", f"There is no result of {symbol!r}. {result['detail']}")
    plan = Plan.stored(job.plan)
    only = None
    if columns is not None:
        only, faults = columns_named(plan, columns)
        if faults:
            raise InvalidRequest(faults)
    loaded = _loaded(job, plan, symbol)
    notes = [] if loaded.exact else ["The series has changed since this was computed."]
    if len(result["time"]) == 1 < len(loaded.bars) and result["columns"]:
        notes.append("The job kept the last value alone; one with an output of 200 draws lines.")
    end_ms = None if end is None else int(end.timestamp() * 1_000)
    if not len(loaded.bars):
        raise _refused("?symbol", "no_bars", f"{symbol!r} has no bars to draw.")
    if end_ms is not None and int(loaded.bars.time[0]) >= end_ms * 1_000_000:
        raise _refused("?end", "no_bars", "There are no bars before this moment.")
    try:
        chart = charts.compose(
            loaded.bars,
            plan=plan,
            columns=result["columns"],
            times_ms=result["time"],
            events=list(result["events"]),
            only=only,
            event=event,
            last=last,
            end_ms=end_ms,
            title=symbol,
            notes=notes,
        )
        return charts.draw(chart, width=width, height=height)
    except charts.UnknownEvent:
        raise _refused("?event", "unknown_event", f"The result has no event {event!r}.") from None
    except charts.TooSmall as error:
        raise _refused("?height", "too_small", f"{error}.") from None


def _loaded(job: Job, plan: Plan, symbol: str) -> inputs.Loaded:
    for chunk in reads.chunks_from(job, 0):
        chunk.job = job
        if any(item[0] == symbol for item in chunk.items):
            loaded = next(inputs.load(chunk, plan, only=symbol))
            if isinstance(loaded, inputs.Missing):
                raise _refused("?symbol", loaded.error.code, loaded.error.detail)
            return loaded
    raise _refused("?symbol", "unknown_symbol", f"{symbol!r} is not one of the job's symbols.")


def _refused(pointer: str, code: str, detail: str) -> InvalidRequest:
    return InvalidRequest([Fault(pointer, code, detail)])
