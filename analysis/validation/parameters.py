"""Values for an entry's parameters, made from what it declares: good ones to check it with, bad ones to refuse."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf

from analysis.catalog.entry import Entry
from analysis.catalog.params import Param, Value

Values = dict[str, Value]


def parameter_sets(entry: Entry) -> Iterator[Values]:
    """Give the defaults, the smallest allowed values, larger ones, and every word of every choice."""
    yield entry.defaults()
    if not entry.params:
        return
    smallest = {param.name: _smallest(param) for param in entry.params}
    for lower, upper in pairwise(entry.ascending):
        smallest[upper] = max(float(smallest[upper]), float(smallest[lower]) + 1)
        if isinstance(entry.defaults()[upper], int):
            smallest[upper] = int(smallest[upper])
    yield smallest
    yield {param.name: _larger(param) for param in entry.params}
    for param in entry.params:
        for word in param.choices:
            if word != param.default:
                yield {**entry.defaults(), param.name: word}


def _smallest(param: Param) -> Value:
    return param.default if param.low is None else param.low


def _larger(param: Param) -> Value:
    if isinstance(param.default, str):
        return param.default
    high = inf if param.high is None else param.high
    return int(min(high, 2 * param.default + 1)) if param.kind == "int" else min(high, 1.5 * param.default)


def bad_values(param: Param) -> list[object]:
    """Return values that the parameter must refuse, made from its own bounds."""
    bad: list[object] = [None, True, [], "no such word", float("nan"), float("inf")]
    if param.kind == "int":
        bad.append(float(param.default) + 0.5)
    if param.low is not None:
        bad.append(param.low - 1)
    if param.high is not None:
        bad.append(param.high + 1)
    return bad
