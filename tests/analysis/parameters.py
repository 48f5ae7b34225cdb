"""Values for an entry's parameters, made from what it declares: good ones to check it with, bad ones to refuse."""

from collections.abc import Iterator
from itertools import pairwise

from analysis.params import Param, Value
from analysis.spec import Entry

Values = dict[str, Value]


def parameter_sets(entry: Entry) -> Iterator[Values]:
    """Give the defaults, the smallest allowed values, larger ones, and every word of every choice."""
    yield entry.defaults()
    if not entry.params:
        return
    smallest = {param.name: param.default if param.kind == "choice" else param.low for param in entry.params}
    for lower, upper in pairwise(entry.ascending):
        smallest[upper] = max(smallest[upper], smallest[lower] + 1)
    yield smallest
    yield {param.name: _larger(param) for param in entry.params}
    for param in entry.params:
        for word in param.choices:
            if word != param.default:
                yield {**entry.defaults(), param.name: word}


def _larger(param: Param) -> Value:
    if param.kind == "int":
        return int(min(param.high, 2 * param.default + 1))
    return min(param.high, 1.5 * param.default) if param.kind == "float" else param.default


def bad_values(param: Param) -> list[object]:
    """Return values that the parameter must refuse, made from its own bounds."""
    bad: list[object] = [None, True, [], "no such word", float("nan"), float("inf")]
    if param.kind == "int":
        bad.append(param.default + 0.5)
    if param.kind != "choice":
        bad += [one for one in (param.low, param.high) if one is not None]
        bad[-2:] = [param.low - 1, param.high + 1]
    return bad
