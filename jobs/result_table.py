"""Results as people read them: a line a symbol, the last value of each column; a page at a time, or all as CSV."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from jobs.csv_cells import cell
from jobs.errors import JobError
from jobs.models import Job
from jobs.results import read_result

PER_PAGE = 100


def result_table(job: Job, cursor: str | None = None) -> dict[str, Any]:
    """Return names of columns, rows, failed symbols, and the cursor of the next page: what the template asks for.

    Raises JobError where there is nothing to read, or the cursor is none.
    """
    page = read_result(job, last=1, limit=PER_PAGE, cursor=cursor)
    names = list(dict.fromkeys(name for item in page.items for name in item["columns"]))
    rows = [
        {
            "symbol": item["symbol"],
            "values": [_last(item["columns"].get(name)) for name in names],
            "events": len(item["events"]),
            "ended": _newest(item) if item["stale"] else "",
        }
        for item in page.items
    ]
    return {"job": job, "names": names, "rows": rows, "failed": page.failed, "next": page.next}


def result_csv(job: Job) -> Iterator[str]:
    """Yield the lines of the whole table as CSV, values as they are; a failed symbol has its code in the last column.

    Raises JobError at once where there is nothing to read.
    """
    page = read_result(job, last=1, limit=PER_PAGE)
    names = list(dict.fromkeys(name for item in page.items for name in item["columns"]))

    def lines() -> Iterator[str]:
        yield _line(["symbol", *names, "events", "stale", "failed"])
        following = page
        while True:
            for item in following.items:
                values = [_raw(item["columns"].get(name)) for name in names]
                yield _line([item["symbol"], *values, len(item["events"]), "true" if item["stale"] else "", ""])
            for one in following.failed:
                yield _line([one["symbol"], *[""] * len(names), "", "", one["code"]])
            if not following.next:
                return
            following = read_result(job, last=1, limit=PER_PAGE, cursor=following.next)

    return lines()


def said(error: JobError) -> str:
    """Return what is wrong, every fault of it."""
    faults = getattr(error, "faults", ())
    return " ".join(fault.detail for fault in faults) or error.detail


def _line(cells: list[Any]) -> str:
    return ",".join(cell(one) if isinstance(one, str) else str(one) for one in cells) + "\n"


def _newest(item: dict[str, Any]) -> str:
    return f"{datetime.fromtimestamp(item['bars']['last'] / 1_000, UTC):%Y-%m-%d}"


def _raw(column: Any) -> Any:
    value = column[-1] if column is not None and len(column) else None
    return "" if value is None else value


def _last(column: Any) -> str:
    value = column[-1] if column is not None and len(column) else None
    return "–" if value is None else f"{value:,.6g}" if isinstance(value, float) else str(value)
