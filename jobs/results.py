"""Reads: the result of a job, from its chunks' blobs, a page at a time or all of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from analysis import Plan, Result, codec
from analysis.errors import Fault
from analysis.items import group_notes
from jobs import storage
from jobs.connections import give_back
from jobs.errors import InvalidCursor, InvalidRequest, ResultNotReady
from jobs.models import Chunk, Job
from jobs.queries import reads
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
    _demand_over(job)
    position, offset = _parse(cursor)
    symbols, columns = _checked(job, symbols, columns)
    page = ResultPage(single=job.symbol_count == 1)
    values = 0
    for chunk in _chunks(job, position):
        skip = max(0, offset) if chunk.position == position else 0
        for index, answer in enumerate(_answers(job, chunk, symbols, columns, last, skip), start=skip):
            if len(page.items) + len(page.failed) >= limit or values >= PAGE_VALUES:
                page.next = f"{chunk.position}.{index}"
                return page
            if "columns" in answer:
                values += sum(len(column) for column in answer["columns"].values()) + len(answer["time"])
                page.items.append(answer)
            else:
                page.failed.append(answer)
    return page


def _chunks(job: Job, position: int) -> Iterable[Chunk]:
    """Return a job's chunks from this one on; of several, each blob is read when its turn comes."""
    if job.chunk_count == 1 and position == 0:
        only = reads.first_chunk(job)
        return () if only is None else (only,)
    return reads.chunks_from(job, position)


@dataclass(frozen=True, slots=True)
class AllResults:
    """All results of a job, for forms without pages. `keys` are the columns that every result has."""

    keys: list[str]
    chunk_count: int
    answers: Iterator[dict[str, Any]]


def read_all(
    job: Job,
    *,
    symbols: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    last: int | None = None,
) -> AllResults:
    """Return all results and failures (those without `columns`), read chunk by chunk as they are taken.

    What is wrong with the question is raised now, as read_result() does. No connection is held in between.
    """
    _demand_over(job)
    symbols, columns = _checked(job, symbols, columns)
    keys = [key for key in Plan.stored(job.plan).keys if columns is None or key in columns]
    return AllResults(keys, job.chunk_count, _all_answers(job, symbols, columns, last))


def _all_answers(
    job: Job, symbols: Sequence[str] | None, columns: Sequence[str] | None, last: int | None
) -> Iterator[dict[str, Any]]:
    for pk in reads.chunk_ids(job):
        answers = _answers(job, reads.chunk_by_id(pk), symbols, columns, last)
        give_back()  # while a client reads
        yield from answers


def _answers(
    job: Job,
    chunk: Chunk,
    symbols: Sequence[str] | None,
    columns: Sequence[str] | None,
    last: int | None,
    skip: int = 0,
) -> Iterator[dict[str, Any]]:
    """Return a chunk's results and failures in its order of symbols; its blob is read now, each result made later.

    How a word of the request was read belongs to the request: a result may be shared with one in other words.
    """
    wanted = [item[0] for item in chunk.items if symbols is None or item[0] in symbols][skip:]
    adjustments = {item[0]: item[3] for item in chunk.items}
    failures, notes = _failures(chunk), group_notes(job.request.get("analyses", ()))
    packed = _results(chunk) if any(symbol not in failures for symbol in wanted) else {}
    return (
        _shown(packed[symbol], columns, last, notes) | {"adjustment": adjustments[symbol]}
        if symbol in packed
        else failures[symbol]
        for symbol in wanted
    )


def _shown(
    result: Result, columns: Sequence[str] | None, last: int | None, notes: list[dict[str, str]]
) -> dict[str, Any]:
    answer = result.to_dict(columns=columns, last=last)
    return answer | {"quality": [*notes, *answer["quality"]]} if notes else answer


def _demand_over(job: Job) -> None:
    if job.state not in TERMINAL:
        raise ResultNotReady(f"The job is {job.state}; its result is written when it is over.")


def _checked(
    job: Job, symbols: Sequence[str] | None, columns: Sequence[str] | None
) -> tuple[Sequence[str] | None, Sequence[str] | None]:
    """Return the symbols and the keys of the columns asked for; raise InvalidRequest naming those there are not."""
    faults: list[Fault] = []
    if columns is not None:
        plan = Plan.stored(job.plan)
        columns, unknown = plan.columns_named(columns)
        for name in unknown:
            near = get_close_matches(name, plan.keys, n=3) or plan.keys[:5]
            hint = f" There are {', '.join(near)}." if near else ""
            faults.append(Fault("?columns", "unknown_column", f"The result has no column {name!r}.{hint}"))
    if symbols is not None:
        known = {item[0] for items in reads.items_of(job) for item in items}
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
    if chunk.blob is None:
        return {}
    results = codec.unpack(storage.unpack(chunk.blob))
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
