"""Reads: the result of a job, from its chunks' blobs, a page at a time or all of it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from analysis import Plan
from analysis.errors import Fault
from analysis.fault_limits import few_suggestions, similar
from analysis.items import group_notes
from analysis.plan import MOST_SUGGESTIONS
from jobs import late_bars, result_pages
from jobs.connections import give_back
from jobs.errors import InvalidCursor, InvalidRequest, ResultIsModel, ResultNotReady
from jobs.kinds import Kind
from jobs.models import Chunk, Job
from jobs.queries import reads
from jobs.states import TERMINAL
from jobs.stored_results import Stored, stored_in

PAGE_ITEMS = 100
# Of more stored bytes than this (compressed) few are read at once in a process.
LARGE_BYTES = 1 << 22


@dataclass(slots=True)
class ResultPage:
    """`single` tells that the job is of one symbol, whose result is answered without the list around it."""

    items: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    next: str | None = None
    single: bool = False


def is_large(job: Job) -> bool:
    """Tell whether a job's results take so much memory that few are read at once."""
    return job.stored_bytes > LARGE_BYTES


def read_result(
    job: Job,
    *,
    symbols: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    last: int | None = None,
    rows: int | None = None,
    cursor: str | None = None,
    limit: int = PAGE_ITEMS,
) -> ResultPage:
    """Return a page of the job's results in its own order of symbols, and the failures of the symbols on it.

    With `rows` it has at most n bars in all: a result with more goes on on the next page. Finished parts of a
    cancelled job are readable. Raises ResultNotReady while the job is under way, and PageTooLarge, before anything is
    rendered, for a result that is more than a page may have.
    """
    _demand_over(job)
    position, offset, row = _parse(cursor)
    symbols, columns = _checked(job, symbols, columns)
    page = ResultPage(single=job.symbol_count == 1)
    notes = _notes(job)
    room = settings.RESULT_PAGE_MAX_BYTES
    for chunk in _chunks(job, position):
        skip = offset if chunk.position == position else 0
        for index, stored in enumerate(stored_in(chunk, symbols, skip), start=skip):
            here = f"{chunk.position}.{index}"
            if len(page.items) + len(page.failed) >= limit or rows == 0:
                page.next = here
                return page
            if stored.entry is None:
                page.failed.append(stored.failure)
                continue
            item, size = _item(stored, columns, last, row, rows, room, is_first=not page.items)
            if item is None:
                page.next = f"{here}.{row}" if row else here
                return page
            page.items.append(_noted(item, notes, job))
            room -= size
            if rows is not None:
                rows -= item["rows"]["count"]
                end = item["rows"]["first"] + item["rows"]["count"]
                if end < item["rows"]["total"]:
                    page.next = f"{here}.{end}"
                    return page
            row = 0
    return page


def _item(
    stored: Stored,
    columns: Sequence[str] | None,
    last: int | None,
    row: int,
    rows: int | None,
    room: int,
    *,
    is_first: bool,
) -> tuple[dict[str, Any] | None, int]:
    """Return what a page has of a symbol, and its bytes; None if it does not fit there any more.

    `row` is the first of the bars asked for. What would fit on no page raises PageTooLarge.
    """
    entry = stored.entry
    assert entry is not None  # noqa: S101 (a failure has no item)
    first, count = stored.window(last)
    if row > count - first:
        raise InvalidCursor("The cursor is beyond the bars asked for.")
    begin = first + row
    end = count if rows is None else min(count, begin + rows)
    column_count = result_pages.column_count(entry, columns)
    size = result_pages.values_bytes(end - begin, column_count)
    if size <= room:
        result = entry.result(begin, end, columns)
        size += result_pages.events_bytes(entry, len(result.events) + len(result.forming or ()))
    if size > room:
        if is_first:
            raise result_pages.too_large(entry, stored.symbol, end - begin, column_count, size)
        return None, size
    item = result.to_dict() | {"adjustment": stored.adjustment}
    if rows is not None:
        item["rows"] = {"first": row, "count": end - begin, "total": count - first}
    return item, size


def _chunks(job: Job, position: int) -> Iterable[Chunk]:
    """Return a job's chunks from this one on; of several, each blob is read when its turn comes."""
    if job.chunk_count == 1 and position == 0:
        only = reads.first_chunk(job)
        return () if only is None else (only,)
    return reads.chunks_from(job, position)


@dataclass(frozen=True, slots=True)
class AllResults:
    """All results of a job, for forms without pages. `keys` are the columns that every result has.

    The events of an answer are made when they are looked at, again in every loop over them.
    """

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
    notes = _notes(job)
    for pk in reads.chunk_ids(job):
        found = stored_in(reads.chunk_by_id(pk), symbols)
        give_back()  # while a client reads
        for stored in found:
            yield stored.failure if stored.entry is None else _noted(_in_parts(stored, columns, last), notes, job)


def _in_parts(stored: Stored, columns: Sequence[str] | None, last: int | None) -> dict[str, Any]:
    assert stored.entry is not None  # noqa: S101 (a failure has no parts)
    first, count = stored.window(last)
    return stored.entry.result(first, count, columns).in_parts() | {"adjustment": stored.adjustment}


def read_symbol(job: Job, symbol: str) -> dict[str, Any] | None:
    """Return one symbol's whole result, with its events as in AllResults, or its failure; None if there is neither."""
    _demand_over(job)
    for chunk in reads.chunks_from(job, 0):
        if any(item[0] == symbol for item in chunk.items):
            stored = next(stored_in(chunk, [symbol]))
            return stored.failure if stored.entry is None else _in_parts(stored, None, None)
    return None


def _notes(job: Job) -> list[dict[str, str]]:
    """How a word of the request was read belongs to the request: a result may be shared with one in other words."""
    return group_notes(job.request.get("analyses", ()))


def _noted(answer: dict[str, Any], notes: list[dict[str, str]], job: Job) -> dict[str, Any]:
    late = late_bars.note_of(answer["bars"], job)
    quality = [*notes, *([] if late is None else [late]), *answer["quality"]]
    return answer | {"quality": quality, "stale": late is not None}


def _demand_over(job: Job) -> None:
    if job.kind == Kind.TRAINING:
        raise ResultIsModel(
            "What a training comes to is a model: the job names it, and GET /models/… answers its card."
        )
    if job.state not in TERMINAL:
        raise ResultNotReady(f"The job is {job.state}; its result is written when it is over.")


def columns_named(plan: Plan, names: Sequence[str]) -> tuple[list[str], list[Fault]]:
    """Return the keys of the columns that these texts mean, and a fault for each that means none."""
    faults: list[Fault] = []
    columns, unknown = plan.columns_named(names)
    keys = plan.keys if unknown else []
    with few_suggestions(MOST_SUGGESTIONS):
        for name in unknown:
            near = similar(name, keys) or keys[:5]
            hint = f" There are {', '.join(near)}." if near else ""
            faults.append(Fault("?columns", "unknown_column", f"The result has no column {name!r}.{hint}"))
    return columns, faults


def _checked(
    job: Job, symbols: Sequence[str] | None, columns: Sequence[str] | None
) -> tuple[Sequence[str] | None, Sequence[str] | None]:
    """Return the symbols and the keys of the columns asked for; raise InvalidRequest naming those there are not."""
    faults: list[Fault] = []
    if columns is not None:
        columns, faults = columns_named(Plan.stored(job.plan), columns)
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


def _parse(cursor: str | None) -> tuple[int, int, int]:
    """Return the chunk, the symbol in it, and the bar of its asked ones that a page begins with."""
    if cursor is None:
        return 0, 0, 0
    found = re.fullmatch(r"([0-9]{1,9})\.([0-9]{1,9})(?:\.([0-9]{1,9}))?", cursor)
    if found is None:
        raise InvalidCursor("The cursor is not one of ours.")
    position, offset, row = (int(text or 0) for text in found.groups())
    return position, offset, row
