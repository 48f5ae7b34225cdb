"""Reads: the result of a job, from its chunks' blobs, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from analysis import Plan, Result, codec
from analysis.errors import Fault
from jobs import storage
from jobs.errors import InvalidCursor, InvalidRequest, ResultNotReady
from jobs.models import Chunk, Job
from jobs.states import TERMINAL, State

PAGE_ITEMS = 100
PAGE_VALUES = 1_000_000  # floats; about 8 MB as JSON


@dataclass(slots=True)
class ResultPage:
    """`single` tells that the job is of one symbol, whose result is answered without the list around it."""

    items: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    next: str | None = None
    single: bool = False


def read_result(
    job: Job,
    *,
    symbols: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    last: int | None = None,
    cursor: str | None = None,
    limit: int = PAGE_ITEMS,
) -> ResultPage:
    """Return a page of the job's results in its own order of symbols, and the failures of the symbols on it.

    Finished parts of a cancelled job are readable. Raises ResultNotReady while the job is under way.
    """
    if job.state not in TERMINAL:
        raise ResultNotReady(f"The job is {job.state}; its result is written when it is over.")
    position, offset = _parse(cursor)
    symbols, columns = _checked(job, symbols, columns)
    page = ResultPage(single=job.symbol_count == 1)
    values = 0
    chunks = Chunk.objects.filter(job=job, position__gte=position).order_by("position")
    for chunk in chunks.defer("error_detail"):
        wanted = [item[0] for item in chunk.items if symbols is None or item[0] in symbols]
        adjustments = {item[0]: item[3] for item in chunk.items}
        failures = _failures(chunk)
        packed = _results(chunk) if any(symbol not in failures for symbol in wanted) else {}
        for index, symbol in enumerate(wanted):
            if chunk.position == position and index < offset:
                continue
            if len(page.items) + len(page.failed) >= limit or values >= PAGE_VALUES:
                page.next = f"{chunk.position}.{index}"
                return page
            if symbol in packed:
                item = packed[symbol].to_dict(columns=columns, last=last) | {"adjustment": adjustments[symbol]}
                values += sum(len(column) for column in item["columns"].values()) + len(item["time"])
                page.items.append(item)
            else:
                page.failed.append(failures[symbol])
    return page


def _checked(
    job: Job, symbols: Sequence[str] | None, columns: Sequence[str] | None
) -> tuple[Sequence[str] | None, Sequence[str] | None]:
    """Return the symbols and the keys of the columns asked for; raise InvalidRequest naming those there are not."""
    faults: list[Fault] = []
    if columns is not None:
        plan = Plan.parse(job.plan)
        columns, unknown = plan.columns_named(columns)
        for name in unknown:
            near = get_close_matches(name, plan.keys, n=3) or plan.keys[:5]
            hint = f" There are {', '.join(near)}." if near else ""
            faults.append(Fault("?columns", "unknown_column", f"The result has no column {name!r}.{hint}"))
    if symbols is not None:
        known = {item[0] for items in Chunk.objects.filter(job=job).values_list("items", flat=True) for item in items}
        faults += [
            Fault("?symbol", "unknown_symbol", f"{symbol!r} is not one of the job's symbols.")
            for symbol in symbols
            if symbol not in known
        ]
    if faults:
        raise InvalidRequest(faults)
    return symbols, columns


def _parse(cursor: str | None) -> tuple[int, int]:
    try:
        position, offset = (cursor or "0.0").split(".")
        return int(position), int(offset)
    except ValueError:
        raise InvalidCursor("The cursor is not one of ours.") from None


def _results(chunk: Chunk) -> dict[str, Result]:
    if chunk.blob_id is None:
        return {}
    results = codec.unpack(storage.read(chunk.blob_id))
    # Inline bars may have no symbol of their own; the chunk names it.
    alone = chunk.items[0][0] if len(chunk.items) == 1 else ""
    return {result.symbol or alone: result for result in results}


def _failures(chunk: Chunk) -> dict[str, dict[str, Any]]:
    """Return the symbols of a chunk without a result and why, staff details left out."""
    if chunk.state == State.SUCCEEDED or chunk.failures:
        return {failure["symbol"]: failure for failure in chunk.failures}
    code = "cancelled" if chunk.state == State.CANCELLED else chunk.error_code
    detail = "Cancelled before it ran." if chunk.state == State.CANCELLED else "The chunk failed."
    return {item[0]: {"symbol": item[0], "code": code, "detail": detail} for item in chunk.items}
