"""Runs with what their jobs answered, as the admin shows them."""

from collections.abc import Callable, Mapping
from typing import Any

from jobs import snapshots
from jobs.errors import JobError
from jobs.failures import failures_of
from jobs.result_table import result_table, said
from jobs.snapshots import Snapshot
from jobs.states import TERMINAL
from scans.models import ScanRun


def newest(scan_pk: int, count: int) -> list[Any]:
    """Return the newest runs of a scan, each with what its job comes to so far."""
    runs = list(ScanRun.objects.filter(scan=scan_pk).order_by("-fire_at")[:count])
    return [{"run": run, "answer": in_short(run.snapshot), "error": run.error} for run in told(runs)]


def in_short(job: Snapshot | None) -> str:
    """Return how far a run's job is."""
    if job is None:
        return "–"
    failed = f", {job.failed:,} failed" if job.failed else ""
    return f"{job.state}: {job.done - job.failed:,} of {job.total:,}{failed}"


def with_answers(changelist: type[Any]) -> type[Any]:
    """Return the list's class such that the runs that it shows have their jobs' snapshots."""

    class Answered(changelist):  # type: ignore[misc]
        """A list of runs with their answers, asked for in two questions."""

        result_list: Any

        def get_results(self, request: Any) -> None:
            super().get_results(request)
            self.result_list = told(list(self.result_list))

    return Answered


def of_run(run: ScanRun, find: Callable[[], Any], query: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the run's page shows of its job: state, failures, and the last values of every symbol."""
    try:
        job = find()
    except JobError as error:
        return {"gone": error.detail}
    under_way = job.state not in TERMINAL
    shown = {
        "job": job,
        "under_way": under_way,
        "answer": in_short(snapshots.of_job(job)),
        "failures": failures_of(job),
    }
    try:
        return {**shown, **result_table(job, query.get("cursor") or None)}
    except JobError as error:
        return {**shown, "no_table": said(error)}


def told(runs: list[ScanRun]) -> list[Any]:
    """Return runs with the snapshots of their jobs: None where the job is gone, or never was."""
    found = snapshots.of_ids([run.job_id for run in runs if run.job_id is not None])
    shown: list[Any] = list(runs)
    for run in shown:
        run.snapshot = found.get(run.job_id)
    return shown
