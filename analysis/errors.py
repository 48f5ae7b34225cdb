"""What can be wrong with bars, plans and stored results: typed, with every fault at once."""

from collections.abc import Sequence
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong: where (a JSON pointer), a stable code, and a sentence for people."""

    pointer: str
    code: str
    detail: str


MOST_FAULTS = 100  # that are named; the others are counted
MORE = "more_faults"


def first_faults(faults: Sequence[Fault], most: int = MOST_FAULTS) -> list[Fault]:
    """Return the first faults and, where there are more than `most`, one that says how many are not listed."""
    if len(faults) <= most or (len(faults) == most + 1 and faults[-1].code == MORE):
        return list(faults)
    return [*faults[:most], Fault("", MORE, f"{len(faults) - most:,} further faults are not listed.")]


class AnalysisError(Exception):
    """Anything that analysis refuses: a stable code for programs, a detail for people."""

    code = "analysis_error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BarsError(AnalysisError):
    """The bars cannot be analysed; `faults` names the reasons, `more` counts those beyond the list."""

    code = "invalid_bars"

    def __init__(self, faults: Sequence[Fault], more: int = 0) -> None:
        super().__init__(_sentence(faults, more))
        self.faults = list(faults)
        self.more = more


class PlanError(AnalysisError):
    """The analyses asked for cannot be planned; `faults` names every reason."""

    code = "invalid_plan"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_sentence(faults, 0))
        self.faults = list(faults)


class PricesNotPositive(AnalysisError):
    """Some of the entries asked for, `entries`, need prices above zero, and the bars have others."""

    code = "prices_not_positive"

    def __init__(self, entries: Sequence[str], where: str) -> None:
        needs = "needs" if len(entries) == 1 else "need"
        super().__init__(f"{', '.join(entries)} {needs} prices above zero; {where}.")
        self.entries = list(entries)


class InsufficientHistory(AnalysisError):
    """There are too few bars for any of the analyses asked for."""

    code = "insufficient_history"


class CodecError(AnalysisError):
    """The bytes are not a packed result."""

    code = "codec_error"


def _sentence(faults: Sequence[Fault], more: int) -> str:
    """Return the first faults in a line, and how many follow."""
    shown = "; ".join(f"{fault.pointer}: {fault.detail}" if fault.pointer else fault.detail for fault in faults[:3])
    rest = len(faults) - 3 + more
    return f"{shown}; and {rest} more." if rest > 0 else shown
