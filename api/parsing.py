"""JSON in: bounded in size and depth, and refused wherever two readers could read it differently."""

import json
import re
from collections.abc import Iterable, Mapping
from math import inf
from typing import IO, Any, NoReturn

import msgspec
from django.conf import settings
from django.http.request import UnreadablePostError
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from api import receiving
from jobs import turns

MAX_DEPTH = 20
MAX_CONTAINERS = 100_000
UNSURE = object()
# The ends of names; a name that is given twice, or a text that looks like one, makes more of them than there are names.
_NAMES = re.compile(rb'"\s*:')
_TEXTS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
# As many digits as may be a number beyond 64 bits, once every digit is written 0.
_LONG = b"0" * 19
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)


class BodyRefused(APIException):
    """The body cannot be read; `code` says why."""

    status_code = 400
    default_code = "malformed_json"
    default_detail = "The body is not JSON."


class BodyTooLarge(APIException):
    """The body is larger than the limit."""

    status_code = 413
    default_code = "body_too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"A body has at most {most:,} bytes here.")


class BodyIncomplete(APIException):
    """The client stopped sending before the announced end; what came may be a whole document of another meaning."""

    status_code = 400
    default_code = "body_incomplete"
    default_detail = "The body is shorter than its Content-Length."


class LengthMissing(APIException):
    """The body comes in pieces of unknown total length."""

    status_code = 411
    default_code = "length_required"
    default_detail = "Send the body with Content-Length, not in chunks."


class JSONParser(BaseParser):
    """Read a JSON body."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the decoded body; it is refused by its announced length before a byte is read."""
        request = (parser_context or {})["request"]
        meta = request.META
        if meta.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
            raise UnsupportedMediaType(meta["HTTP_CONTENT_ENCODING"], "Send the body without Content-Encoding.")
        most = getattr((parser_context or {}).get("view"), "body_max_bytes", settings.BODY_MAX_BYTES)
        length = receiving.announced(request._request)
        if length > most:
            raise BodyTooLarge(most)
        owner = getattr(request.user, "pk", None)
        # In this order: who has received a body waits for the turn without the place, which others need meanwhile.
        with turns.given_up(), receiving.place(request._request, owner, length):
            body = _received(stream, length)
        if len(body) < length:
            raise BodyIncomplete
        receiving.look(request._request, owner, length)
        return decode(body)


def json_body(request: Request) -> Any:
    """Return the decoded body of a request that must have one."""
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        raise LengthMissing
    body = request.data
    if body is None or not receiving.announced(request._request):
        raise BodyRefused("The body is empty.", "empty_body")
    return body


def _received(stream: IO[bytes], length: int) -> bytes:
    """Return as many bytes, or those that came before the client went away."""
    try:
        return stream.read(length)
    except UnreadablePostError:
        return b""


def decode(body: bytes) -> Any:
    """Return the value of a JSON document in UTF-8.

    Refused besides malformed text: a name given twice in one object, NaN and Infinity, numbers beyond 64 bits, text
    with NUL or half a surrogate pair (no database stores it), nesting beyond MAX_DEPTH, and more than
    MAX_CONTAINERS lists and objects.
    """
    _demand_few_containers(body)
    value = _quickly(body)
    if value is not UNSURE and _examine(value) == len(_NAMES.findall(body)):
        return value
    value = _strictly(body)
    _examine(value)
    return value


def _demand_few_containers(body: bytes) -> None:
    """Refuse more lists and objects than any request has: each takes fifty times the memory of its two characters."""
    # Brackets inside texts are told from others only when there are that many.
    if body.count(b"[") + body.count(b"{") > MAX_CONTAINERS:
        bare = _TEXTS.sub(b"", body)
        if bare.count(b"[") + bare.count(b"{") > MAX_CONTAINERS:
            raise BodyRefused(f"The body has more than {MAX_CONTAINERS:,} lists and objects.", "too_many_containers")


def _quickly(body: bytes) -> Any:
    """Return the value of what is beyond doubt, six times as fast; UNSURE of whatever the strict reader should see."""
    if b"\\u" in body or _LONG in body.translate(_DIGITS):
        return UNSURE
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return UNSURE


def _strictly(body: bytes) -> Any:
    """Return the value, or raise with what is wrong and where."""
    try:
        text = body.decode("utf-8")
        if not text.strip():
            raise BodyRefused("The body is empty.", "empty_body")
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BodyRefused(f"The body is not UTF-8 at byte {error.start}.", "not_utf8") from None
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise BodyRefused(f"Not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BodyRefused(f"The name {twice[:80]!r} is given twice in one object.", "duplicate_name")
    for name in value:
        _check_text(name)
    return value


def _no_constant(name: str) -> NoReturn:
    raise BodyRefused(f"{name} is no JSON; write null where null is allowed.", "not_a_number")


def _integer(text: str) -> int:
    # 18 digits always fit; no longer text is converted before its length is known to be small.
    value = int(text) if len(text) <= 20 else 1 << 64
    if len(text) > 18 and not -(1 << 63) <= value < 1 << 63:
        raise _too_large()
    return value


def _examine(value: Any) -> int:
    """Walk down level by level, without recursion, looking at containers and texts only; return how many names."""
    level, depth, names = [value], 0, 0
    while level:
        if depth > MAX_DEPTH:
            raise _too_deep()
        below: list[Any] = []
        for each in level:
            kind = type(each)
            if kind is str:
                _check_text(each)
            elif kind is list:
                below += _to_examine(each)
            elif kind is dict:
                names += len(each)
                below += _to_examine(list(each.values()))
            elif each in (inf, -inf):
                raise _too_large()
        level, depth = below, depth + 1
    return names


def _to_examine(values: list[Any]) -> Iterable[Any]:
    # Two passes at the speed of C over what may be a column of numbers.
    if inf in values or -inf in values:
        raise _too_large()
    return [value for value in values if type(value) in (str, list, dict)]


def _check_text(text: str) -> None:
    if text.isascii():
        sound = "\0" not in text
    else:
        sound = "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
    if not sound:
        raise BodyRefused("A text contains a NUL character or half a surrogate pair.", "forbidden_character")


def _too_large() -> BodyRefused:
    return BodyRefused("A number is beyond 64 bits.", "number_too_large")


def _too_deep() -> BodyRefused:
    return BodyRefused(f"The body is nested more than {MAX_DEPTH} levels deep.", "too_deep")
