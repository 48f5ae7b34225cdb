"""How often a pattern reached its target, beside what chance gives, with intervals by calendar quarters."""

from typing import Any

import numpy as np

from analysis.validation.quarters import CHANCE, DIFFERENT
from ml.baselines import OWN
from ml.examples import STOP, TARGET, Examples
from ml.intervals import of_mean, quarters

SIDES = {1: "bullish", -1: "bearish"}
TOO_FEW = "insufficient data"


def base_rates(examples: Examples) -> list[dict[str, Any]]:
    """Return a row per name and side: events, share at the target with its interval, the mean of chance, and verdict.

    The verdict is on the difference of the two, drawn by quarters; below 200 events there is none.
    """
    rows = []
    for name in np.unique(examples.name):
        for side, text in SIDES.items():
            part = examples.take((examples.name == name) & (examples.side == side))
            if len(part):
                rows.append({"name": str(name), "side": text, **_row(part)})
    return rows


def _row(part: Examples) -> dict[str, Any]:
    block = quarters(part.known_at)
    hit = (part.label == TARGET).astype(np.float64)
    rate, beyond = of_mean(hit, block), of_mean(hit - part.chance[:, 0], block)
    verdict = TOO_FEW if len(part) < OWN else DIFFERENT if beyond.low > 0 or beyond.high < 0 else CHANCE
    return {
        "events": len(part),
        "target": round(rate.value, 4),
        "interval": [round(rate.low, 4), round(rate.high, 4)],
        "stop": round(float((part.label == STOP).mean()), 4),
        "chance": round(float(part.chance[:, 0].mean()), 4),
        "beyond_chance": [round(end, 4) for end in beyond[:3]],
        "mean_r": round(float(part.r.mean()), 3),
        "verdict": verdict,
    }
