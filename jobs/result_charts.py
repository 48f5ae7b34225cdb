"""The picture of one symbol of a job: its bars with what was found drawn in."""

from collections.abc import Iterable

import charts
from analysis import Bars, Plan, run
from analysis.errors import AnalysisError, Fault
from charts import panes, windows
from jobs import inputs
from jobs.errors import InvalidRequest
from jobs.models import Job
from jobs.queries import reads
from jobs.results import read_symbol


def result_chart(job: Job, *, symbol: str | None = None, last: int = 200, event: str | None = None) -> str:
    """Return an SVG of the symbol's last bars (the job's first symbol by default), or of those around one event.

    Columns in units of the price lie over the candles, the first two others below. Raises InvalidRequest for a symbol
    or an event that the job does not have, ResultNotReady while it is under way.
    """
    symbol = symbol or reads.chunks_from(job, 0)[0].items[0][0]
    result = read_symbol(job, symbol)
    if result is None:
        raise InvalidRequest([Fault("?symbol", "unknown_symbol", f"{symbol!r} is not one of the job's symbols.")])
    if "columns" not in result:
        raise InvalidRequest([Fault("?symbol", "no_result", f"There is no result of {symbol!r}. {result['detail']}")])
    plan = Plan.stored(job.plan)
    bars = _bars(job, plan, symbol)
    if event is None:
        window = windows.last(bars, last)
        first_ms = int(bars.time[window.start]) // 1_000_000
        events = [one for one in result["events"] if one["confirmed_at"] >= first_ms]
    else:
        events = [one for one in result["events"] if one["id"] == event][:1]
        if not events:
            raise InvalidRequest([Fault("?event", "unknown_event", f"The result has no event {event!r}.")])
        window = windows.around(bars, events[0])
    shown = bars.slice(window.start, window.stop)
    over, below = panes.place(plan, result["columns"], result["time"], shown)
    below |= _computed(panes.missing_oscillators(events, below), bars, window)
    return charts.draw(shown, events, overlays=over, panes=below, title=symbol)


def _bars(job: Job, plan: Plan, symbol: str) -> Bars:
    for chunk in reads.chunks_from(job, 0):
        chunk.job = job
        if any(item[0] == symbol for item in chunk.items):
            loaded = next(inputs.load(chunk, plan, only=symbol))
            if isinstance(loaded, inputs.Missing):
                raise InvalidRequest([Fault("?symbol", loaded.error.code, loaded.error.detail)])
            return loaded.bars
    raise InvalidRequest([Fault("?symbol", "unknown_symbol", f"{symbol!r} is not one of the job's symbols.")])


def _computed(analyses: Iterable[str], bars: Bars, window: slice) -> panes.Columns:
    """Return the first column of each analysis on the bars of the window."""
    found: panes.Columns = {}
    for text in analyses:
        try:
            columns = run(Plan.parse([text]), bars, output="all").columns
        except AnalysisError:  # its bars have become fewer since
            continue
        found[text] = next(iter(columns.values()))[window]
    return found
