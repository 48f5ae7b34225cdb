"""The only import of TA-Lib: its function interface on float64 arrays.

`import talib` wraps every function for pandas and polars when it finds them, which costs 0.3 s and 40 MB; they are
hidden for its duration.
"""

import sys
from collections.abc import Callable
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats


class Functions(Protocol):
    """TA-Lib's functions by what they return: one column unless said otherwise here."""

    AROON: Callable[..., tuple[Floats, Floats]]
    STOCH: Callable[..., tuple[Floats, Floats]]
    MACD: Callable[..., tuple[Floats, Floats, Floats]]
    SUPERTREND: Callable[..., tuple[Floats, NDArray[np.int32]]]
    VORTEX: Callable[..., tuple[Floats, Floats]]

    def __getattr__(self, name: str) -> Callable[..., Floats]:
        """Return the function of a name."""


def _load() -> Functions:
    hidden = {name: sys.modules.get(name) for name in ("pandas", "polars")}
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import talib

        return cast(Functions, talib)
    finally:
        for name, module in hidden.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


ta = _load()
