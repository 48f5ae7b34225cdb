"""What a chunk has of its symbols: results whose columns are not read yet, or why there is none."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from analysis import codec
from jobs import storage
from jobs.errors import BlobDamaged
from jobs.models import Chunk
from jobs.states import State


class Stored(NamedTuple):
    """A symbol's result, to be read before the next one is taken, or the failure that is answered in its place."""

    symbol: str
    adjustment: str | None
    entry: codec.Entry | None
    failure: dict[str, Any]

    def window(self, last: int | None) -> tuple[int, int]:
        """Return the first of the last n bars of the result, and how many bars it has."""
        count = 0 if self.entry is None else self.entry.count
        return 0 if last is None else max(0, count - last), count


def stored_in(chunk: Chunk, symbols: Sequence[str] | None = None, skip: int = 0) -> Iterator[Stored]:
    """Return what there is of a chunk's symbols in its order, of those asked for and without the first of them.

    The blob is fetched now, what is in it is read as it is taken.
    """
    failures = _failures(chunk)
    wanted = [item[0] for item in chunk.items if symbols is None or item[0] in symbols][skip:]
    is_needed = chunk.blob_id is not None and any(symbol not in failures for symbol in wanted)
    entries = codec.read(*storage.opened(chunk.blob)) if is_needed and chunk.blob is not None else iter(())
    return _in_order(chunk, set(wanted), entries, failures)


def _in_order(
    chunk: Chunk, wanted: set[str], entries: Iterator[codec.Entry], failures: dict[str, dict[str, Any]]
) -> Iterator[Stored]:
    for symbol, _, _, adjustment in chunk.items if wanted else ():
        failure = failures.get(symbol, {})
        # They were packed in this order, those that failed left out.
        entry = None if failure else next(entries, None)
        if symbol not in wanted:
            continue
        # Inline bars may have no symbol of their own; the chunk names it.
        if not failure and (entry is None or (entry.symbol or symbol) != symbol):
            raise BlobDamaged(f"Blob {chunk.blob_id} has no result of {symbol}.")
        yield Stored(symbol, adjustment, entry, failure)


def _failures(chunk: Chunk) -> dict[str, dict[str, Any]]:
    """Return the symbols of a chunk without a result and why, staff details left out."""
    if chunk.state == State.SUCCEEDED or chunk.failures:
        return {failure["symbol"]: failure for failure in chunk.failures}
    code = "cancelled" if chunk.state == State.CANCELLED else chunk.error_code
    detail = "Cancelled before it ran." if chunk.state == State.CANCELLED else "The chunk failed."
    return {item[0]: {"symbol": item[0], "code": code, "detail": detail} for item in chunk.items}
