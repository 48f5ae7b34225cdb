"""Places for answers that hold a thread for long: bounded in each process, so that other threads go on answering."""

import threading
from typing import Self

from django.conf import settings


class Slot:
    """A place that was taken; close() gives it back, once, however often it is called."""

    def __init__(self, places: "Slots") -> None:
        self._places: Slots | None = places

    def close(self) -> None:
        """Give the place back."""
        places, self._places = self._places, None
        if places is not None:
            places.free.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *of_error: object) -> None:
        self.close()


class Slots:
    """The places that one process has of a kind."""

    def __init__(self, count: int) -> None:
        self.free = threading.BoundedSemaphore(count)

    def take(self) -> Slot | None:
        """Return a place, or None at once when all are taken."""
        return Slot(self) if self.free.acquire(blocking=False) else None


# For those who wait for a job or read a stream.
waiting = Slots(settings.WAITER_PLACES)
# For files, which besides take room on the disk until they are sent.
files = Slots(settings.RESULT_FILE_PLACES)
# For reading results that take much memory until they are rendered, sent or written to a file.
large = Slots(settings.RESULT_READ_PLACES)
