"""What can go wrong with a job, typed; faults point into the request body."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.errors import Fault


class JobError(Exception):
    code = "job_error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidRequest(JobError):
    """The request cannot be a job; `faults` lists everything that is wrong with it."""

    code = "invalid_request"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} fault{'s' if len(faults) != 1 else ''} in the request.")
        self.faults = list(faults)


class JobNotFound(JobError):
    code = "job_not_found"


class JobDeleted(JobError):
    """The job was archived and deleted; `summary` is what stays of it."""

    code = "job_deleted"

    def __init__(self, detail: str, summary: Mapping[str, Any]) -> None:
        super().__init__(detail)
        self.summary = summary


class NotDeletable(JobError):
    code = "not_deletable"


class ResultNotReady(JobError):
    """The job has no result to read: it is still under way, or nothing in it could be computed."""

    code = "result_not_ready"


class ResultIsModel(ResultNotReady):
    """The job has no results of symbols: what it comes to is a model."""

    code = "result_is_model"


class NoCallback(JobError):
    """The job owes nobody a message."""

    code = "no_callback"


class NotCancellable(JobError):
    code = "not_cancellable"


class NotRetryable(JobError):
    code = "not_retryable"


class TooManyOpenJobs(JobError):
    """The owner has as many jobs under way as anyone may have."""

    code = "too_many_open_jobs"
    retry_after = 30


class TrainingUnderWay(JobError):
    """The owner has a training that is not over."""

    code = "training_under_way"
    retry_after = 60


class TrainingUnavailable(JobError):
    """Models are not trained here: there is no folder for them."""

    code = "training_unavailable"


class StorageFull(JobError):
    """The owner's jobs take, or would take, more storage than anyone may have; figures are bytes times days."""

    code = "storage_quota_exceeded"

    def __init__(self, detail: str, *, used: int, asked: int, limit: int) -> None:
        super().__init__(detail)
        self.used, self.asked, self.limit = used, asked, limit


class PageTooLarge(JobError):
    """What was asked for as one page is more than a page may have; nothing of it was rendered."""

    code = "page_too_large"


class Overloaded(JobError):
    """Queued work is not being done; more of it would only wait longer."""

    code = "overloaded"
    retry_after = 30


class ReadOnly(JobError):
    """Staff have stopped everything that writes; reading goes on."""

    code = "read_only"
    retry_after = 60


class QueueUnknown(JobError):
    """There is no such queue, or none that can be paused."""

    code = "unknown_queue"


class IdempotencyMismatch(JobError):
    """An idempotency key came again with another body."""

    code = "idempotency_key_reused"


class InvalidCursor(JobError):
    code = "invalid_cursor"


class BlobDamaged(JobError):
    """The stored bytes do not match their checksum."""

    code = "blob_damaged"


class ArchiveDamaged(JobError):
    """A deleted job's archive is missing, cannot be read to its end, or is not the job's."""

    code = "archive_damaged"


class IllegalTransition(JobError):
    """A move that the state table does not allow: a bug in the caller, never a lost race."""

    code = "illegal_transition"


class TransientFailure(JobError):
    """Work failed for a reason outside it and may be tried again later."""

    code = "transient"
