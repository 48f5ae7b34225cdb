"""Bars that came inside a request, as bytes for their blob: a header line, then whole little-endian columns."""

import json
from typing import Any

import numpy as np

from analysis import Bars
from analysis.arrays import Times
from analysis.session_rule import SessionRule
from analysis.sessions import Sessions


def pack(bars: Bars) -> bytes:
    """Return the bytes of these bars; of their sessions the rule or the table, which makes the session ids again."""
    header: dict[str, Any] = {
        "count": len(bars),
        "symbol": bars.symbol,
        "timeframe": str(bars.timeframe),
        "volume": bars.volume is not None,
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


def unpack(data: bytes) -> Bars:
    """Return the bars that pack() wrote; the blob's checksum vouches for the bytes."""
    line, _, body = data.partition(b"\n")
    header = json.loads(line)
    count = header["count"]
    time = np.frombuffer(body, dtype="<i8", count=count)
    floats = np.frombuffer(body, dtype="<f8", offset=8 * count).reshape(-1, count)
    return Bars(
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


def _sessions(said: str | dict[str, Any] | None, time: Times) -> Sessions | None:
    if isinstance(said, str):
        return SessionRule.parse(said).table(time)
    return None if said is None else Sessions.of(**said)
