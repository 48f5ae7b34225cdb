"""Where the bars of a training set are from, as a model's card says it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Origin(NamedTuple):
    """The timeframe of the bars, their sources (each with name, licence and sha256), and what limits them set."""

    timeframe: str
    files: Sequence[Mapping[str, str]]
    limitations: Sequence[str]
