"""Forecasts that nothing of their own future went into: each fold by models of what was over before it."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from ml.baselines import chance_margins, forecast
from ml.examples import Examples
from ml.intervals import quarters
from ml.splits import FOLDS, is_held_out, walk_forward
from ml.training import ROUNDS, SEED, fit


@dataclass(frozen=True)
class Forecasts:
    """Events that were tried, and each forecaster's log odds of both heads; `rate` has probabilities."""

    examples: Examples
    model: Floats
    blend: Floats
    chance: Floats
    rate: Floats
    fold: Ints
    is_held_out: Bools
    shrinkage: list[tuple[float, float]]

    @property
    def block(self) -> Ints:
        """Return the calendar quarter of each event."""
        return quarters(self.examples.known_at)

    def probabilities(self) -> dict[str, Floats]:
        """Return P(target), P(stop), P(timeout) of each forecaster."""
        margins = {"model": self.model, "blend": self.blend, "chance": self.chance}
        return {name: forecast(of) for name, of in margins.items()} | {"rate": self.rate}

    def take(self, rows: Ints | Bools) -> Self:
        """Return some of the events."""
        columns = {
            one.name: getattr(self, one.name)[rows] for one in fields(self) if one.name not in ("examples", "shrinkage")
        }
        return type(self)(examples=self.examples.take(rows), shrinkage=self.shrinkage, **columns)


def forecasts(examples: Examples, *, folds: int = FOLDS, rounds: int = ROUNDS, seed: int = SEED) -> Forecasts:
    """Return the forecasts of every fold. Raises TooFewEvents."""
    parts: list[tuple[Ints, Floats, Floats, Floats, Ints]] = []
    shrinkage = []
    for number, fold in enumerate(walk_forward(examples, folds)):
        trained, tried = fit(examples.take(fold.train), rounds=rounds, seed=seed), examples.take(fold.test)
        shrinkage.append(trained.shrinkage)
        blend, rate = trained.baseline.margins(tried), trained.baseline.rates(tried)
        parts.append((fold.test, trained.margins(tried), blend, rate, np.full(len(fold.test), number)))
    rows, model, blend, rate, fold_of = (np.concatenate(part) for part in zip(*parts, strict=True))
    tried = examples.take(rows)
    return Forecasts(tried, model, blend, chance_margins(tried.chance), rate, fold_of, is_held_out(tried), shrinkage)
