from hypothesis import given
from hypothesis import strategies as st

from jobs.chunking import MAX_ITEMS, TARGET_MILLISECONDS, split


@given(st.lists(st.floats(min_value=0, max_value=1e6), max_size=2_000))
def test_every_item_is_in_exactly_one_chunk_in_order_and_chunks_are_bounded(costs: list[float]) -> None:
    items = list(range(len(costs)))
    chunks = split(items, costs, [0] * len(costs))
    assert [item for chunk in chunks for item in chunk] == items
    for chunk in chunks:
        assert 1 <= len(chunk) <= MAX_ITEMS
        assert len(chunk) == 1 or sum(costs[item] for item in chunk) <= 1_000 * TARGET_MILLISECONDS * 1.000001


def test_no_items_make_no_chunks() -> None:
    assert split([], [], []) == []


@given(st.lists(st.integers(0, 1_000), max_size=300))
def test_what_is_read_together_is_bounded(sizes: list[int]) -> None:
    items = list(range(len(sizes)))
    chunks = split(items, [0.0] * len(sizes), sizes, most_bytes=500)
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == 1 or sum(sizes[item] for item in chunk) <= 500 for chunk in chunks)
