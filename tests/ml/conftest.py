"""Examples of the series that ship with the project, and of walks: made once, and never changed."""

import numpy as np
import pytest

from analysis import Bars
from analysis.validation.surrogates import gaussian_walk
from ml.examples import Examples, events_of, examples_of
from ml.family import PATTERNS
from ml.predict import Asked
from tests.analysis.shipped import demo

SYMBOLS = ("AAPL", "IBM", "MSFT", "SPX", "IXIC")


def of(bars: Bars, symbol: str) -> Examples:
    """Return the examples of one series."""
    return examples_of(bars, symbol, events_of(bars, PATTERNS.plans()))[0]


@pytest.fixture(scope="session")
def spx() -> Bars:
    return demo("SPX", 3_000)


@pytest.fixture(scope="session")
def asked(spx: Bars) -> Asked:
    """Return the events of one series, as predictions are asked of them."""
    return Asked(spx, events_of(spx, PATTERNS.plans()))


@pytest.fixture(scope="session")
def real() -> Examples:
    """Return all events of five real series."""
    return Examples.joined(of(demo(symbol, 9_000), symbol) for symbol in SYMBOLS)


def walks(seed: int) -> Examples:
    rng = np.random.default_rng(seed)
    return Examples.joined(of(gaussian_walk(4_000, rng), f"W{number}") for number in range(24))


@pytest.fixture(scope="session")
def noise() -> Examples:
    """Return events of independent walks."""
    return walks(11)


@pytest.fixture(scope="session")
def other_noise() -> Examples:
    """Return those of others."""
    return walks(12)
