import hashlib
import struct
import tracemalloc

import numpy as np
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from market.blocks import BLOCK_BARS, Columns, decode_block, encode_block, join, split
from market.errors import BlockDamaged
from market.services.store import columns_of
from tests.bars import random_walk


def assert_equal(one: Columns, other: Columns) -> None:
    for left, right in zip(one, other, strict=True):
        assert (left is None) == (right is None)
        if left is not None:
            # By bytes, so that -0.0 and every NaN come back as they went in.
            assert np.asarray(left).tobytes() == np.asarray(right).tobytes()


def framed(raw: bytes) -> tuple[bytes, str]:
    return zstandard.ZstdCompressor().compress(raw), hashlib.sha256(raw).hexdigest()


floats = st.floats(allow_nan=True, allow_infinity=True, width=64)
times = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.tuples(times, floats, floats, floats, floats, floats), min_size=1, max_size=50), st.booleans())
def test_a_block_returns_what_went_in(rows: list[tuple[float, ...]], has_volume: bool) -> None:
    time, *prices, volume = zip(*rows, strict=True)
    columns = Columns(
        np.array(time, dtype=np.int64),
        *(np.array(price, dtype=np.float64) for price in prices),
        volume=np.array(volume, dtype=np.float64) if has_volume else None,
    )
    block = encode_block(columns)
    assert (block.first_ns, block.last_ns, block.count) == (time[0], time[-1], len(rows))
    assert_equal(decode_block(block.data, block.sha256), columns)
    assert_equal(decode_block(memoryview(block.data), block.sha256), columns)


@given(st.integers(1, 3 * BLOCK_BARS), st.integers(0, 3))
def test_split_and_join_are_inverse(count: int, seed: int) -> None:
    columns = columns_of(random_walk(count, seed=seed))
    blocks = list(split(columns))
    assert [block.count for block in blocks[:-1]] == [BLOCK_BARS] * (len(blocks) - 1)
    assert sum(block.count for block in blocks) == count
    assert_equal(join([decode_block(block.data, block.sha256) for block in blocks]), columns)


def test_where_only_some_parts_have_volume_the_rest_is_unknown() -> None:
    columns = columns_of(random_walk(10))
    joined = join([columns.part(0, 4)._replace(volume=None), columns.part(4, 10)])
    assert joined.volume is not None
    assert np.isnan(joined.volume[:4]).all()
    np.testing.assert_array_equal(joined.volume[4:], columns.volume[4:])  # type: ignore[index]


def test_decoded_columns_cannot_be_written() -> None:
    block = encode_block(columns_of(random_walk(10)))
    with pytest.raises(ValueError):
        decode_block(block.data, block.sha256).close[0] = 1.0


@pytest.mark.parametrize("count", [0, BLOCK_BARS + 1])
def test_a_block_has_1_to_4096_bars(count: int) -> None:
    with pytest.raises(ValueError):
        encode_block(columns_of(random_walk(BLOCK_BARS + 1)).part(0, count))


def test_columns_of_a_block_are_equally_long() -> None:
    columns = columns_of(random_walk(10))
    with pytest.raises(ValueError):
        encode_block(columns._replace(close=columns.close[1:]))


def test_the_hash_is_of_the_content_not_of_the_frame() -> None:
    block = encode_block(columns_of(random_walk(500)))
    raw = zstandard.ZstdDecompressor().decompress(block.data)
    other = zstandard.ZstdCompressor(level=19).compress(raw)
    assert other != block.data
    assert_equal(decode_block(other, block.sha256), decode_block(block.data, block.sha256))


def test_every_flipped_byte_is_noticed() -> None:
    block = encode_block(columns_of(random_walk(20)))
    expected = decode_block(block.data, block.sha256)
    for position in range(len(block.data)):
        damaged = bytearray(block.data)
        damaged[position] ^= 0x55
        try:
            found = decode_block(bytes(damaged), block.sha256)
        except BlockDamaged:
            continue
        assert_equal(found, expected)  # a byte of the frame that carries no content


def test_every_truncation_is_noticed() -> None:
    block = encode_block(columns_of(random_walk(20)))
    for length in range(len(block.data)):
        with pytest.raises(BlockDamaged):
            decode_block(block.data[:length], block.sha256)


def test_bytes_behind_the_frame_are_noticed() -> None:
    block = encode_block(columns_of(random_walk(20)))
    with pytest.raises(BlockDamaged):
        decode_block(block.data + b"\0", block.sha256)


@pytest.mark.parametrize("data", [b"", b"\0" * 40, b"GBB1" * 20, b"\x28\xb5\x2f\xfd"])
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(BlockDamaged):
        decode_block(data, "0" * 64)


def test_another_block_of_the_same_size_is_refused() -> None:
    one, other = (encode_block(columns_of(random_walk(20, seed=seed))) for seed in (1, 2))
    with pytest.raises(BlockDamaged):
        decode_block(other.data, one.sha256)


def test_a_bomb_is_refused_before_it_takes_memory() -> None:
    data, sha256 = framed(bytes(256 * 1024 * 1024))
    assert len(data) < 100_000
    tracemalloc.start()
    with pytest.raises(BlockDamaged):
        decode_block(data, sha256)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_frame_that_hides_its_size_is_refused() -> None:
    raw = bytes(64 * 1024 * 1024)
    data = zstandard.ZstdCompressor(write_content_size=False).compress(raw)
    with pytest.raises(BlockDamaged):
        decode_block(data, hashlib.sha256(raw).hexdigest())


@pytest.mark.parametrize(
    ("magic", "flags", "count"),
    [(b"XXXX", 1, 20), (b"GBB1", 2, 20), (b"GBB1", 0, 20), (b"GBB1", 1, 0), (b"GBB1", 1, 21), (b"GBB1", 1, 2**63)],
)
def test_a_header_that_lies_is_refused(magic: bytes, flags: int, count: int) -> None:
    block = encode_block(columns_of(random_walk(20)))
    raw = zstandard.ZstdDecompressor().decompress(block.data)
    with pytest.raises(BlockDamaged):
        decode_block(*framed(struct.pack("<4sIQ", magic, flags, count) + raw[16:]))
