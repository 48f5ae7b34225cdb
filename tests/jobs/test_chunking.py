from hypothesis import given
from hypothesis import strategies as st

from jobs.chunking import MAX_ITEMS, TARGET_MILLISECONDS, split


@given(st.lists(st.floats(min_value=0, max_value=1e6), max_size=2_000))
def test_every_item_is_in_exactly_one_chunk_in_order_and_chunks_are_bounded(costs: list[float]) -> None:
    items = list(range(len(costs)))
    chunks = split(items, costs)
    assert [item for chunk in chunks for item in chunk] == items
    for chunk in chunks:
        assert 1 <= len(chunk) <= MAX_ITEMS
        assert len(chunk) == 1 or sum(costs[item] for item in chunk) <= 1_000 * TARGET_MILLISECONDS * 1.000001


def test_no_items_make_no_chunks() -> None:
    assert split([], []) == []
