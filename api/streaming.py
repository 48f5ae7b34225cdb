"""Answers that are sent piece by piece or as files: bounded in number, and whatever they hold is given back."""

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO, Protocol

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from rest_framework.exceptions import APIException

from jobs import concurrency_slots
from jobs.concurrency_slots import Slot, Slots

# Files up to this are answered in one piece.
SMALL_BYTES = 1 << 20
BLOCK_BYTES = 1 << 16


class NoPlace(APIException):
    """As many answers of this kind are being sent as the process has places for."""

    status_code = 503
    default_code = "no_place_free"
    default_detail = "Too many answers of this kind are being sent; try again after Retry-After seconds."
    wait = 5


class FileTooLarge(APIException):
    """The result does not fit into one file."""

    status_code = 422
    default_code = "result_too_large"


class Closable(Protocol):
    """Whatever is to be given back."""

    def close(self) -> None:
        """Give it back."""


class Parts:
    """The parts of an answer, and what it holds until it is sent; servers call close() also when a client has gone."""

    def __init__(self, parts: Iterator[bytes], *held: Closable) -> None:
        self._parts = parts
        self._held = held

    def __iter__(self) -> Iterator[bytes]:
        return self._parts

    def close(self) -> None:
        """Give everything back; a second time changes nothing."""
        for each in self._held:
            each.close()


def streamed(parts: Iterator[bytes], content_type: str, *held: Closable) -> HttpResponseBase:
    """Return an answer of parts that are made while it is sent; raise NoPlace when too many are.

    What is held is given back when it is sent, or at once when there is no place.
    """
    try:
        place = taken(concurrency_slots.waiting)
    except NoPlace:
        _close(*held)
        raise
    return StreamingHttpResponse(Parts(parts, place, *held), content_type=content_type)


def whole_file(write: Callable[[IO[bytes]], Iterator[None]], *, content_type: str, name: str) -> HttpResponseBase:
    """Return a file, complete before its first byte is sent; raise NoPlace or FileTooLarge.

    `write` stops after every piece, so that what grows beyond the limit is given up early.
    """
    place = taken(concurrency_slots.files)
    file = TemporaryFile()  # noqa: SIM115 - it is closed when it has been sent
    answer: HttpResponseBase
    try:
        for _ in write(file):
            if file.tell() > settings.RESULT_FILE_MAX_BYTES:
                raise FileTooLarge(
                    f"The file is larger than {settings.RESULT_FILE_MAX_BYTES >> 20} MB. Choose symbols, columns or "
                    "last, or take application/x-ndjson, which has no such limit."
                )
        size = file.tell()
        file.seek(0)
        if size <= SMALL_BYTES:
            answer = HttpResponse(file.read(), content_type=content_type)
            _close(file, place)
        else:
            parts = iter(lambda: file.read(BLOCK_BYTES), b"")
            answer = StreamingHttpResponse(Parts(parts, file, place), content_type=content_type)
    except BaseException:
        _close(file, place)
        raise
    answer.headers["Content-Length"] = str(size)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def taken(kind: Slots) -> Slot:
    """Return a place of this kind; raise NoPlace when there is none."""
    place = kind.take()
    if place is None:
        raise NoPlace
    return place


def _close(*held: Closable) -> None:
    for each in held:
        each.close()
