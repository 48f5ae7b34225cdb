"""The only import of TA-Lib: its function interface on float64 arrays.

`import talib` wraps every function for pandas and polars when it finds them, which costs 0.3 s and 40 MB; they are
hidden for its duration.
"""

import sys
from types import ModuleType


def _load() -> ModuleType:
    hidden = {name: sys.modules.get(name) for name in ("pandas", "polars")}
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import talib

        return talib
    finally:
        for name, module in hidden.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


ta = _load()
