"""The measured parts of a card: what walking forward found, which features count, how far price goes."""

from typing import Any

import numpy as np

from analysis.timeframe import DAY_NS
from ml.evaluation import Evaluation, calibration
from ml.examples import STOP, TARGET, Examples
from ml.features import NAMES
from ml.intervals import Interval
from ml.metrics import log_loss, reliability
from ml.ranges import HORIZONS, QUANTILES, Excursions, coverage, quantiles
from ml.splits import FOLDS, held_out_symbols
from ml.training import SEED, Fit, head_losses
from ml.walk_forward import Forecasts


def evaluation_figures(found: Evaluation, alike: Forecasts) -> dict[str, Any]:
    """Return log-losses, calibration and reliability, of all that was tried and of held-out symbols alone."""
    tried, label = found.tried, found.tried.examples.label
    told = tried.probabilities() | {"served": found.served}
    parts = {"all": np.ones(len(label), np.bool_), "held_out": tried.is_held_out}
    return {
        "folds": FOLDS,
        "from": date_of(int(tried.examples.known_at.min())),
        "to": date_of(int(tried.examples.known_at.max())),
        "events": {name: int(rows.sum()) for name, rows in parts.items()},
        "best_baseline": found.best,
        "gain": ends_of(found.gain),
        "log_loss": {
            part: {name: round(float(log_loss(of[rows], label[rows]).mean()), 5) for name, of in told.items()}
            for part, rows in parts.items()
        },
        "calibration": {
            part: {
                name: {"error": round(error, 4), "slope": ends_of(slope)}
                for name, (error, slope) in calibration(found, rows).items()
            }
            for part, rows in parts.items()
        },
        "reliability": [
            [one.events, round(one.forecast, 4), round(one.observed, 4)]
            for one in reliability(found.served[:, TARGET], label == TARGET)
        ],
        "shrinkages": [list(one) for one in tried.shrinkage],
        "alike_events": len(alike.examples),
    }


def importances(fit: Fit, held: Examples) -> list[dict[str, Any]]:
    """Return each feature's total gain, and what the held-out log-loss of what is served loses when it is mixed up."""
    gains: dict[str, Any] = dict(fit.booster.get_score(importance_type="total_gain"))
    rng = np.random.default_rng(SEED)
    whole = _loss(fit, held)
    rows = []
    for place, name in enumerate(NAMES):
        mixed = held.features.copy()
        mixed[:, place] = rng.permutation(mixed[:, place])
        cost = _loss(fit, held.with_features(mixed)) - whole
        rows.append({"feature": name, "total_gain": round(float(gains.get(name, 0.0)), 2), "mixed": round(cost, 6)})
    return sorted(rows, key=lambda row: (-row["mixed"], row["feature"]))


def range_figures(seen: Excursions) -> dict[str, Any]:
    """Return the quantiles of all symbols but those held out, and the coverage of an honest trial of them.

    The trial takes its quantiles from the earlier half of time and holds them against held-out symbols in the later.
    """
    held, later = held_out_symbols(seen.symbol), seen.at >= np.median(seen.at)
    told = quantiles(seen.take(~held & ~later))
    return {
        "horizons": list(HORIZONS),
        "quantiles": list(QUANTILES),
        "closes": int((~held).sum()),
        **quantiles(seen.take(~held)),
        "coverage": coverage(told, seen.take(held & later)),
    }


def median_days(examples: Examples) -> dict[str, float]:
    """Return the median calendar days from confirmation to target or stop of each family."""
    over = examples.take(examples.label <= STOP)
    days = (over.ended_at - over.known_at) / DAY_NS
    return {str(one): float(np.median(days[over.family == one])) for one in np.unique(over.family)}


def ends_of(found: Interval) -> list[float]:
    """Return estimate, low, high and the deflated low for a card."""
    return [round(one, 5) for one in found]


def date_of(at: int) -> str:
    """Return the date of a time in ns."""
    return str(np.array(at, np.int64).astype("datetime64[ns]").astype("datetime64[D]"))


def _loss(fit: Fit, examples: Examples) -> float:
    return float(sum(loss.mean() for loss in head_losses(fit.margins(examples), examples)))
