"""Gates: what must hold before a model may be served, each with its figure, its goal and whether it held."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import numpy as np

from analysis.catalog.registry import ENTRIES
from analysis.language.call import Call
from analysis.language.part import each_once
from analysis.records.certificates import certificate
from analysis.validation.certificates import is_current
from ml.baselines import Baseline
from ml.evaluation import LIFT, WORSE, Evaluation, calibration, direction_auc
from ml.examples import STOP, TARGET, Examples
from ml.features import plan
from ml.intervals import of_auc
from ml.metrics import reliability, sampling_floor
from ml.null_walks import Null
from ml.prediction import NO_LIFT
from ml.training import HEADS, grow, weights_of
from ml.walk_forward import Forecasts

MOST_ERROR, MOST_BIN, BIN_EVENTS = 0.03, 0.05, 500
BLOCKED_AUC, BROKEN_AUC = 0.58, 0.65
NEAR, NEAR_EACH, MOST_GAIN = 0.01, 0.02, 0.001
SEEN_LEAK = 0.05


class Gate(NamedTuple):
    """One thing that must hold: its number in docs/models.md, what it is, the figure, the goal, and whether it did."""

    code: str
    title: str
    figure: str
    goal: str
    passed: bool

    def line(self) -> str:
        """Return the gate as a line to print."""
        return (
            f"{self.code:<4}{'passed' if self.passed else 'FAILED':<8}{self.title}: {self.figure} (goal: {self.goal})"
        )


def calibrated(found: Evaluation) -> list[Gate]:
    """Return G1 for each outcome on symbols and periods never trained on, and for every bin of all that was tried.

    The slope is asked of what is won and lost. That of being resolved hangs on forecasts beyond .99, and is told.
    """
    held = found.tried.is_held_out
    gates = []
    for name, (error, slope) in calibration(found, held).items():
        figure = f"error {error:.4f} (sampling alone {sampling_floor(int(held.sum())):.4f}), slope {slope}"
        goal = f"error ≤ {MOST_ERROR}" + (", slope's interval holds 1" if name != "resolved" else "")
        passed = error <= MOST_ERROR and (name == "resolved" or slope.low <= 1 <= slope.high)
        gates.append(Gate("G1", f"calibration of {name}, held out", figure, goal, passed))
    table = reliability(found.served[:, TARGET], found.tried.examples.label == TARGET)
    off = max((abs(one.forecast - one.observed) for one in table if one.events >= BIN_EVENTS), default=0.0)
    gates.append(Gate("G1", "largest miss of a bin of target", f"{off:.4f}", f"≤ {MOST_BIN}", off <= MOST_BIN))
    return gates


def no_worse(found: Evaluation) -> list[Gate]:
    """Return G2: against the best that is known without a model, and each head against the blend."""
    goal = "never wholly below 0; `lift` only if above 0 after all trials"
    rows = [(f"log-loss gained on {found.best}, as served", found.gain, found.status)]
    rows += [
        (f"log-loss gained by the trees of {head}", gain, status)
        for head, gain, status in zip(HEADS, found.head_gains, found.statuses, strict=True)
    ]
    gates = []
    for place, (title, gain, status) in enumerate(rows):
        # What a head loses is not served: only the whole can be worse.
        gates.append(Gate("G2", title, f"{gain}, {status}", goal, place > 0 or status != WORSE))
    return gates


def believable(alike: Forecasts) -> Gate:
    """Return G3: skill in direction on daily bars that is too good is a leak until shown otherwise."""
    over = alike.examples.label <= STOP
    score, hit = alike.model[over, 1], alike.examples.label[over] == TARGET
    auc = of_auc(score, hit, np.unique(alike.block[over], return_inverse=True)[1])
    broken = " and broken" if auc.value > BROKEN_AUC else ""
    figure = f"{auc.value:.4f} [{auc.low:.4f}, {auc.high:.4f}]{broken}"
    return Gate("G3", "AUC of direction, resolved events alike", figure, f"≤ {BLOCKED_AUC}", auc.value <= BLOCKED_AUC)


def nothing_on_walks(nulls: Sequence[Null]) -> list[Gate]:
    """Return G4: on independent random walks there is no direction and no gain. Not to have looked is a failure."""
    if not nulls:
        return [Gate("G4", "random walks", "not run", f"AUC of direction .50 ± {NEAR}", passed=False)]
    gates = []
    for title, found in (
        ("events alike", [one.alike_auc for one in nulls]),
        ("events as stated, of like chance", [one.stated_auc for one in nulls]),
    ):
        mean, worst = float(np.mean(found)), max(abs(one - 0.5) for one in found)
        figure = f"mean {mean:.4f}, furthest {worst:.4f} over {len(found)} seeds"
        passed = abs(mean - 0.5) <= NEAR and worst <= NEAR_EACH
        goal = f".50 ± {NEAR}, each ± {NEAR_EACH}"
        gates.append(Gate("G4", f"random walks, AUC of direction, {title}", figure, goal, passed))
    gain = float(np.mean([one.gain for one in nulls]))
    gates.append(Gate("G4", "random walks, gain over chance", f"{gain:+.5f}", f"≤ {MOST_GAIN}", gain <= MOST_GAIN))
    return gates


def nothing_shuffled(shuffled: Sequence[Forecasts]) -> Gate:
    """Return G5: with labels shuffled within their quarter, nothing is left."""
    aucs = [direction_auc(one, within_chance=False) for one in shuffled]
    figure = f"mean {np.mean(aucs):.4f} over {len(aucs)} shuffles"
    passed = abs(float(np.mean(aucs)) - 0.5) <= NEAR
    return Gate("G5", "labels shuffled within quarters, AUC of direction", figure, f".50 ± {NEAR}", passed)


def leak_seen(alike: Forecasts, leaking: Forecasts, unpurged: float) -> Gate:
    """Return G6: a feature of the next bar must show. The AUC of random folds, without purging, is told beside it."""
    without, with_leak = (direction_auc(one, within_chance=False) for one in (alike, leaking))
    figure = f"{with_leak:.4f} against {without:.4f}; random folds {unpurged - without:+.4f}"
    passed = with_leak > without + SEEN_LEAK
    return Gate("G6", "a feature of the next bar raises the AUC", figure, f"by more than {SEEN_LEAK}", passed)


def point_in_time(names: Sequence[str]) -> Gate:
    """Return G7: detectors and features' entries have a current certificate that a prefix says the same."""
    parts = (part for item in plan().items for part in each_once(item.node))
    used = {part.spec.name for part in parts if isinstance(part, Call)} | set(names)
    stale = sorted(name for name in used if not is_current(ENTRIES[name], certificate(name)))
    figure = f"{len(used) - len(stale)} of {len(used)} entries{': not ' + ', '.join(stale) if stale else ''}"
    return Gate("G7", "certified to be point in time", figure, "all", not stale)


def reproduced(examples: Examples, rounds: int = 20) -> Gate:
    """Return G10: the same trees from the same events, on one thread and on two."""
    baseline = Baseline.of(examples, weights_of(examples))
    made = {
        sha256(grow(examples, baseline, rounds=rounds, nthread=threads).save_raw("ubj")).hexdigest()
        for threads in (1, 1, 2)
    }
    return Gate("G10", "the same bytes on two runs and on two threads", f"{len(made)} of 1", "1", len(made) == 1)


def lift_of(found: Evaluation) -> str:
    """Return the status that is served with the probabilities."""
    return found.status if LIFT in found.statuses else NO_LIFT
