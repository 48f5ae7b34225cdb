"""The numeric core: bars in, columns, events and signals out; numpy and TA-Lib, nothing else."""

from analysis import indicators
from analysis.bars import Bars
from analysis.engine import VERSION, run
from analysis.incremental import State, begin, update
from analysis.patterns import candlesticks
from analysis.plan import Plan
from analysis.registry import catalog
from analysis.result import Result

__version__ = VERSION

__all__ = [
    "Bars",
    "Plan",
    "Result",
    "State",
    "__version__",
    "begin",
    "candlesticks",
    "catalog",
    "indicators",
    "run",
    "update",
]
