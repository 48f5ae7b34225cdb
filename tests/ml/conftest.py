"""Examples of the series that ship with the project, and of walks: made once, and never changed."""

import numpy as np
import pytest

from analysis import Bars
from analysis.validation.surrogates import gaussian_walk
from ml.examples import Examples, examples_of, pattern_plans
from tests.analysis.shipped import demo

SYMBOLS = ("AAPL", "IBM", "MSFT", "SPX", "IXIC")


@pytest.fixture(scope="session")
def spx() -> Bars:
    return demo("SPX", 3_000)


@pytest.fixture(scope="session")
def real() -> Examples:
    """Return all events of five real series."""
    return Examples.joined(examples_of(demo(symbol, 9_000), symbol, pattern_plans())[0] for symbol in SYMBOLS)


@pytest.fixture(scope="session")
def noise() -> Examples:
    """Return events of independent walks."""
    rng = np.random.default_rng(11)
    return Examples.joined(
        examples_of(gaussian_walk(4_000, rng), f"W{number}", pattern_plans())[0] for number in range(24)
    )
