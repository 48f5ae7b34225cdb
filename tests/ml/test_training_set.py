"""A training set: both measures of the same events, and one hash of what they are."""

from dataclasses import replace

from analysis import Bars
from ml.training_set import digest, of_series
from tests.analysis.shipped import demo


def series(count: int) -> list[Bars]:
    return [demo(symbol, count) for symbol in ("AAPL", "SPX")]


def test_both_ways_of_measuring_are_of_the_same_series() -> None:
    made = of_series(iter(series(1_500)))
    assert made.bars == 3_000
    assert set(made.stated.symbol) == set(made.alike.symbol) == {"AAPL", "SPX"}
    assert len(made.alike) > len(made.stated) > 50
    assert made.counts.total() >= len(made.stated)


def test_the_hash_is_of_every_column() -> None:
    made = of_series(iter(series(1_200)))
    assert made.digest == of_series(iter(series(1_200))).digest
    moved = made.stated.features.copy()
    moved[3, 5] += 1e-3
    assert digest(made.stated.with_features(moved)) != made.digest
    assert digest(replace(made.stated, r=made.stated.r + 1)) != made.digest
    assert digest(made.stated.take(slice(0, 10))) != made.digest  # type: ignore[arg-type]
