"""A page of results as people read it: a line a symbol, the last value of each column."""

from typing import Any

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
        }
        for item in page.items
    ]
    return {"job": job, "names": names, "rows": rows, "failed": page.failed, "next": page.next}


def said(error: JobError) -> str:
    """Return what is wrong, every fault of it."""
    faults = getattr(error, "faults", ())
    return " ".join(fault.detail for fault in faults) or error.detail


def _last(column: Any) -> str:
    value = column[-1] if column is not None and len(column) else None
    return "–" if value is None else f"{value:,.6g}" if isinstance(value, float) else str(value)
