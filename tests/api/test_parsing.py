"""The quick reader of bodies lets nothing through that the strict one refuses, and reads the same."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api import parsing

SCALARS = st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def outcome(read: Any, body: bytes) -> Any:
    try:
        return repr(read(body))
    except parsing.BodyRefused as refused:
        return refused.get_codes(), str(refused.detail)


def strictly(body: bytes) -> Any:
    value = parsing._strictly(body)
    parsing._examine(value)
    return value


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_documents_are_read_alike(value: Any, ascii_only: bool, indent: int | None) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    assert outcome(parsing.decode, body) == outcome(strictly, body)


@given(VALUES, st.integers(0, 200), st.binary(max_size=3) | st.sampled_from([b'"a":1,', b"\\u0000", b'":', b"1e999"]))
@example({"a": 1}, 1, b'"a":2,')
@example({"a": [1]}, 6, b"9223372036854775808,")
@example({"a": [1]}, 6, b"[" * 90_000)
def test_damaged_documents_are_judged_alike(value: Any, place: int, damage: bytes) -> None:
    body = json.dumps(value).encode()
    place = min(place, len(body))
    body = body[:place] + damage + body[place:]
    assert outcome(parsing.decode, body) == outcome(strictly, body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a" : 2}',
        b'{"a": {"b": 1}, "a": {"b": 1}}',
        b'[{"x": "\\u0000"}]',
        b"[123456789012345678901]",
        b"[-9223372036854775809]",
        b"[1e400]",
        b"[NaN]",
        b"[" * 30 + b"]" * 30,
        b"\xff",
        b" ",
    ],
)
def test_what_two_readers_could_read_differently_is_refused(body: bytes) -> None:
    with pytest.raises(parsing.BodyRefused):
        parsing.decode(body)


def test_usual_bodies_take_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_strictly", lambda body: pytest.fail("strictly"))
    body = {"analyses": ["rsi", "µ"], "bars": {"time": [1_704_067_200_000], "close": [1.2345678901234567]}}
    assert parsing.decode(json.dumps(body, ensure_ascii=False).encode()) == body
