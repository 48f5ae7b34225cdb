"""What is asked of a word whose columns who calls a run hands over: of a model, and for a number of bars ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.catalog import params
from analysis.errors import Fault
from analysis.language.call import Series
from analysis.language.grammar import HANDED
from analysis.language.part import Part, Put, kept

HORIZON = "horizon"


@dataclass(frozen=True, slots=True, eq=False)
class HandedCall(Part):
    """A word with its horizon (0: it has none): all of its columns, which are its parts."""

    word: str
    horizon: int
    means: str = kept()
    depth: int = kept()
    parts: tuple[Series, ...] = kept()

    def __post_init__(self) -> None:
        """Name the columns."""
        said = HANDED[self.word]
        text = self.word if self.horizon == said.usual else f"{self.word}({HORIZON}={self.horizon})"
        object.__setattr__(self, "parts", tuple([Series(f"{text}.{output}") for output in said.outputs]))
        self._keep(text, self.parts)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Return what its columns are called behind the dot."""
        return HANDED[self.word].outputs

    def output(self, name: str) -> Series | None:
        """Return one of its columns, if it has it."""
        return self.parts[self.outputs.index(name)] if name in self.outputs else None

    def put(self, of: Put) -> str:
        """Return the call; the usual horizon is left out."""
        return self.means


def handed_params(word: str) -> tuple[params.Param, ...]:
    """Return what such a word is called with: its horizon, if it has any."""
    horizons, usual = HANDED[word].horizons, HANDED[word].usual
    if not horizons:
        return ()
    title = f"Bars ahead: {', '.join(map(str, horizons))}"
    return (params.integer(HORIZON, usual, min(horizons), max(horizons), title),)


def handed_records() -> list[dict[str, Any]]:
    """Return what a catalogue tells of each such word: its columns are asked for behind a dot."""
    return [
        {
            "name": word,
            "title": said.title,
            "params": [param.to_dict() for param in handed_params(word)],
            "outputs": list(said.outputs),
        }
        for word, said in HANDED.items()
    ]


def build_handed(
    word: str,
    positional: Sequence[Any],
    named: Mapping[str, Any],
    pointer: str,
    *,
    within: bool = False,
    has_source: bool = False,
) -> tuple[HandedCall | None, list[Fault]]:
    """Return the call of such a word, or None, and every fault; `within` as build() has it."""
    horizons = HANDED[word].horizons
    values, faults = params.settle(handed_params(word), positional, named, pointer, within=within)
    horizon = values.get(HORIZON, 0)
    if not faults and horizons and horizon not in horizons:
        where = f"{pointer}/params/{HORIZON}" if within else pointer
        known = ", ".join(map(str, horizons))
        faults.append(Fault(where, "out_of_bounds", f"{HORIZON} is one of {known}, not {horizon}."))
    if has_source:
        faults.append(Fault(pointer, "no_source", f"{word} takes no source."))
    return (None if faults else HandedCall(word, int(horizon))), faults


def only_outputs(call: HandedCall) -> str:
    """Return why a word without horizons is nothing by itself."""
    return f"Of {call.word} is known: {', '.join(part.name for part in call.parts)}."


def asked_of(column: str) -> tuple[str, int, str]:
    """Return the word, the horizon (0: it has none) and the output that a handed column's name is made of."""
    call, _, output = column.rpartition(".")
    word, has_horizon, rest = call.partition("(")
    horizon = int(rest.removesuffix(")").removeprefix(f"{HORIZON}=")) if has_horizon else HANDED[word].usual
    return word, horizon, output
