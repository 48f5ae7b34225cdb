"""The card of a model: what it was trained on, what was found, what it may be used for and from when."""

from importlib.metadata import version as installed
from typing import Any

import numpy as np

from analysis import __version__ as engine
from ml import golden_events
from ml.artifact import golden
from ml.assessment import Assessment
from ml.base_rates import base_rates
from ml.baselines import Baseline
from ml.card_figures import date_of, ends_of, evaluation_figures, importances, median_days, range_figures
from ml.drift import reference
from ml.evaluation import LIFT, Evaluation, calibration
from ml.examples import Examples
from ml.family import LIFE, WIDTH_ATR, Family
from ml.gates import lift_of
from ml.origin import Origin
from ml.splits import EMBARGO_NS, is_held_out
from ml.training import HEADS, PARAMETERS, ROUNDS, SEED, Fit, grow, weights_of
from ml.training_set import TrainingSet

LIBRARIES = ("xgboost-cpu", "numpy", "ta-lib")
LIMITATIONS = (
    "Fills at open, target and stop are without costs, slippage or halts; both in one bar counts as the stop.",
    "The chance beside it is of a driftless walk whose volatility stays as it was at confirmation.",
    "Probabilities, and not advice.",
)


def final_fit(made: TrainingSet, found: Evaluation) -> tuple[Fit, Examples]:
    """Return the model that is served, and what it was trained on: every symbol but those held out."""
    mine = made.stated.take(~is_held_out(made.stated))
    baseline = Baseline.of(mine, weights_of(mine))
    return Fit(grow(mine, baseline), baseline, found.shrinkage), mine


def card(
    made: TrainingSet, assessed: Assessment, fit: Fit, mine: Examples, origin: Origin, *, version: str = ""
) -> dict[str, Any]:
    """Return everything of the card that does not follow from the trees' bytes; `version` is that of the family's model
    unless another one is given.
    """
    found, family = assessed.found, made.family
    held = made.stated.take(is_held_out(made.stated))
    return {
        "name": family.name,
        "version": version or family.version,
        "kind": family.kind,
        "timeframes": [origin.timeframe],
        "usable_from": date_of(int(mine.over_at.max()) + EMBARGO_NS),
        "lift_status": lift_of(found),
        "heads": {
            head: {"status": status, "gain": ends_of(gain), "shrinkage": share}
            for head, status, gain, share in zip(HEADS, found.statuses, found.head_gains, found.shrinkage, strict=True)
        },
        "libraries": {name: installed(name) for name in LIBRARIES} | {"engine": engine},
        "seed": SEED,
        "rounds": ROUNDS,
        "parameters": PARAMETERS,
        "trials": family.trials,
        "training": {
            "files": [dict(one) for one in origin.files],
            "bars": made.bars,
            "outcomes": dict(sorted(made.counts.items())),
            "events": len(mine),
            "symbols": len(np.unique(mine.symbol)),
            "held_out_symbols": sorted(set(held.symbol.tolist())),
            "from": date_of(int(mine.known_at.min())),
            "to": date_of(int(mine.known_at.max())),
            "sha256": made.digest,
        },
        "evaluation": evaluation_figures(found, assessed.alike),
        "gates": [gate._asdict() for gate in assessed.gates],
        "base_rates": base_rates(made.stated),
        "importances": importances(fit, held),
        "reference": reference(mine.features),
        "resolution_days": median_days(made.stated),
        **({"ranges": range_figures(made.excursions)} if family.states_prices else {}),
        "limitations": [*_limitations(found), *_of_family(family), *origin.limitations, *LIMITATIONS],
        "golden": {**golden(fit, mine.features), **golden_events.kept(family)},
    }


def _limitations(found: Evaluation) -> list[str]:
    """Return what is so of this model; then comes what is so of its data, and of any."""
    lines = [
        f"Of {head} no skill was measured beyond chance and base rates; its trees are not served."
        for head, status in zip(HEADS, found.statuses, strict=True)
        if status != LIFT
    ]
    slope = calibration(found, found.tried.is_held_out)["resolved"][1]
    if slope.high < 1:
        lines.append(
            f"That an event will be resolved is told too boldly where it is nearly sure: slope {slope.value:.2f}."
        )
    return lines


def _of_family(family: Family) -> list[str]:
    """Return what is so of events that state no prices, and of those that not all were trained on."""
    lines = []
    if not family.states_prices:
        lines.append(
            f"Target and stop stand {WIDTH_ATR:g} ATR14 from the entry, for {LIFE} bars: the events state none. "
            "Neutral ones have no side and no label, and nothing is said of them."
        )
    if family.every_days > 1:
        lines.append(
            f"Trained and judged on the events of one calendar day in {family.every_days} of each symbol, from a day "
            "on that a hash of it says."
        )
    return lines
