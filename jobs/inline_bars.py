"""Bars that came inside a request, as bytes for their blob: a header line, then whole little-endian columns.

A benchmark that came inside it lies behind the bars in the same form, or alone where the bars are stored ones.
"""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from analysis import Bars
from analysis.arrays import Times
from analysis.session_rule import SessionRule
from analysis.sessions import Sessions

WIDTH = 8  # bytes of a value


def pack(bars: Bars | None, benchmark: Bars | None = None) -> bytes:
    """Return the bytes of these bars; of their sessions the rule or the table, which makes the session ids again."""
    parts = [] if bars is None else [_packed(bars, {})]
    if benchmark is not None:
        parts.append(_packed(benchmark, {"benchmark": True}))
    return b"".join(parts)


def unpack(data: bytes) -> Bars:
    """Return the bars that pack() wrote; the blob's checksum vouches for the bytes."""
    return next(bars for bars, is_benchmark in _parts(data) if not is_benchmark)


def benchmark_in(data: bytes) -> Bars | None:
    """Return the benchmark that pack() wrote, if there was one."""
    return next((bars for bars, is_benchmark in _parts(data) if is_benchmark), None)


def _packed(bars: Bars, header: dict[str, Any]) -> bytes:
    header = {
        "count": len(bars),
        "symbol": bars.symbol,
        "timeframe": str(bars.timeframe),
        "volume": bars.volume is not None,
        **header,
    }
    if bars.sessions is not None:
        header["sessions"] = bars.sessions.rule or bars.sessions.to_dict()
    if bars.closed:
        header["closed"] = True
    columns = [bars.open, bars.high, bars.low, bars.close]
    if bars.volume is not None:
        columns.append(bars.volume)
    return b"".join(
        [
            json.dumps(header).encode() + b"\n",
            np.ascontiguousarray(bars.time, dtype="<i8").tobytes(),
            *(np.ascontiguousarray(column, dtype="<f8").tobytes() for column in columns),
        ]
    )


def _parts(data: bytes) -> Iterator[tuple[Bars, bool]]:
    """Yield the bars of each part, and whether they are the benchmark's."""
    while data:
        line, _, body = data.partition(b"\n")
        header = json.loads(line)
        count, columns = header["count"], 5 if header["volume"] else 4
        time = np.frombuffer(body, dtype="<i8", count=count)
        floats = np.frombuffer(body, dtype="<f8", offset=WIDTH * count, count=columns * count).reshape(columns, count)
        bars = Bars(
            time=time,
            open=floats[0],
            high=floats[1],
            low=floats[2],
            close=floats[3],
            volume=floats[4] if header["volume"] else None,
            timeframe=header["timeframe"],
            sessions=_sessions(header.get("sessions"), time),
            closed=header.get("closed", False),
            symbol=header["symbol"],
        )
        yield bars, header.get("benchmark", False)
        data = body[WIDTH * count * (1 + columns) :]


def _sessions(said: str | dict[str, Any] | None, time: Times) -> Sessions | None:
    if isinstance(said, str):
        return SessionRule.parse(said).table(time)
    return None if said is None else Sessions.of(**said)
