"""A part may end a few times, and again when that was long ago."""

from gravity.local.restarts import Restarts


def test_each_part_has_its_own_and_gets_them_back() -> None:
    now = [0.0]
    restarts = Restarts(most=2, within_seconds=10, timer=lambda: now[0])
    assert [restarts.take("api") for _ in range(3)] == [1, 2, None]
    assert restarts.take("beat") == 1
    now[0] = 10.5
    assert restarts.take("api") == 1
