"""The numeric core: bars in, columns, events and signals out; numpy, TA-Lib and, once a loop needs it, numba."""

from analysis import indicators, patterns
from analysis.bars import Bars
from analysis.engine import VERSION, run
from analysis.incremental import State, begin, update
from analysis.kernels.allocator import keep_memory
from analysis.plan import Plan
from analysis.result import Result

__version__ = VERSION
keep_memory()

__all__ = [
    "Bars",
    "Plan",
    "Result",
    "State",
    "__version__",
    "begin",
    "indicators",
    "patterns",
    "run",
    "update",
]
