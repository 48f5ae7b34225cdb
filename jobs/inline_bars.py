"""Bars that came inside a request, as bytes for their blob: a header line, then whole little-endian columns."""

import json

import numpy as np

from analysis import Bars


def pack(bars: Bars) -> bytes:
    """Return the bytes of these bars; session ids are not kept, for inline bars have none."""
    header = {
        "count": len(bars),
        "symbol": bars.symbol,
        "timeframe": str(bars.timeframe),
        "volume": bars.volume is not None,
    }
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
        symbol=header["symbol"],
    )
