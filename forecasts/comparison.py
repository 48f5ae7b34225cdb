"""A challenger against the model that is served, on the same events of the ledger: what it gains, and how sure that is.

Counted are events of which both were kept, after the training of both, and whose life is over. Each was said before
anybody could know, so nothing here is in sample.
"""

from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef

from analysis.timeframe import DAY_NS
from forecasts.models import KeptPrediction
from forecasts.scorecard import MEASURED, probabilities
from forecasts.stored_cards import StoredCard
from ml.intervals import four_weeks, of_mean
from ml.metrics import calibration_error, log_loss, sampling_floor

LEAST_EVENTS = 500
LEAST_BLOCKS = 8  # of 28 days; of fewer an interval says too little
MOST_ERROR = 0.03  # of calibration, as of the gates

TOO_FEW_EVENTS, TOO_FEW_BLOCKS = "too_few_events", "too_few_blocks"
NO_BETTER, NOT_CALIBRATED, BETTER = "no_better", "not_calibrated", "better"


def compared(champion: StoredCard, challenger: StoredCard, *, has_fallen_back: bool = False) -> dict[str, Any]:
    """Return how many events there are, the log-loss gained on the champion in nats an event, the calibration of the
    challenger, and what follows: its `verdict` is `better` only if the lower end of the gain's interval, widened for
    all challengers that were tried on this champion, is above zero, and its probabilities hold.

    Where the champion has fallen back chance is answered, and the gain is that on chance. An error of calibration up to
    what sampling alone does to so few events counts as held.
    """
    since = max(_cut_off(champion), _cut_off(challenger))
    label, block, theirs, ours, chance = _pairs(champion.sha256, challenger.sha256, since)
    theirs = chance if has_fallen_back else theirs
    told: dict[str, Any] = {
        "champion": f"{champion.card['name']}/{champion.card['version']}",
        "champion_sha256": champion.sha256,
        "against": "chance" if has_fallen_back else "champion",
        "since": str(np.datetime64(since, "ns").astype("datetime64[D]")),
        "events": len(label),
        "missing": max(0, LEAST_EVENTS - len(label)),
        "blocks": int(block.max()) + 1 if len(block) else 0,
        "trials": _trials(champion.sha256, since),
        "gain": None,
        "interval": None,
        "low_after_trials": None,
        "calibration_error": None,
        "most_error": round(max(MOST_ERROR, sampling_floor(len(label))), 4) if len(label) else MOST_ERROR,
    }
    if len(label):
        gain = of_mean(log_loss(theirs, label) - log_loss(ours, label), block, told["trials"])
        told["gain"] = round(gain.value, 5)
        if told["blocks"] >= LEAST_BLOCKS:
            told["interval"] = [round(gain.low, 5), round(gain.high, 5)]
            told["low_after_trials"] = round(gain.deflated_low, 5)
        told["calibration_error"] = _errors(ours, label)
    return {**told, "verdict": _verdict(told)}


def sentence(told: dict[str, Any]) -> str:
    """Return what a comparison says, for people."""
    against = f"against {'chance' if told['against'] == 'chance' else told['champion']}"
    if told["verdict"] == TOO_FEW_EVENTS:
        return f"{told['events']} of {LEAST_EVENTS} resolved events {against}: {told['missing']} are missing."
    if told["verdict"] == TOO_FEW_BLOCKS:
        missing = LEAST_BLOCKS - told["blocks"]
        return (
            f"{told['events']} resolved events {against} are of {told['blocks']} times 28 days: {missing} are missing."
        )
    low, high = told["interval"]
    gain = f"{told['gain']:+.4f} nats an event {against} [{low:+.4f}, {high:+.4f}] on {told['events']} events"
    trials = f"{told['low_after_trials']:+.4f} after {told['trials']} challenger{'s' * (told['trials'] != 1)}"
    if told["verdict"] == NO_BETTER:
        return f"Not better beyond doubt: {gain}, lower end {trials}."
    worst = max(told["calibration_error"].values())
    error = f"calibration error {worst:.4f}, at most {told['most_error']:.4f}"
    lead = "Better" if told["verdict"] == BETTER else "Better, but not calibrated"
    return f"{lead}: {gain}, lower end {trials}; {error}."


def _verdict(told: dict[str, Any]) -> str:
    if told["missing"]:
        return TOO_FEW_EVENTS
    if told["interval"] is None:
        return TOO_FEW_BLOCKS
    if not told["low_after_trials"] > 0:
        return NO_BETTER
    return BETTER if max(told["calibration_error"].values()) <= told["most_error"] else NOT_CALIBRATED


def _errors(told: Any, label: Any) -> dict[str, float]:
    """Return the calibration errors of target, stop, and of their sum: that either is met in time."""
    target, stop = (label == place for place in (0, 1))
    several = (("target", told[:, 0], target), ("stop", told[:, 1], stop))
    resolved = ("resolved", told[:, 0] + told[:, 1], target | stop)
    return {name: round(calibration_error(of, hit), 4) for name, of, hit in (*several, resolved)}


def _pairs(champion: str, challenger: str, since: int) -> tuple[Any, ...]:
    """Return outcomes, blocks, and the probabilities of champion, challenger and chance, of what both were kept of."""
    odds = "p_target", "p_stop", "chance_target", "chance_stop"
    fields = "series_id", "timeframe", "event", "result", "bar_ns", *odds
    there = KeptPrediction.objects.filter(result__in=MEASURED, bar_ns__gte=since)
    theirs = {row[:4]: row[4:] for row in there.filter(sha256=champion).values_list(*fields)}
    rows = [
        (MEASURED.index(row[3]), row[4], *theirs[row[:4]][1:3], *row[5:])
        for row in there.filter(sha256=challenger).order_by("bar_ns", "pk").values_list(*fields)
        if row[:4] in theirs
    ]
    table = np.array([row[2:] for row in rows]).reshape(len(rows), 6)
    label, at = (np.array([row[place] for row in rows], np.int64) for place in (0, 1))
    return label, four_weeks(at), *(probabilities(table[:, place : place + 2]) for place in (0, 2, 4))


def _trials(champion: str, since: int) -> int:
    """Return how many models were asked beside this one: the best of several is better by chance alone."""
    rows = KeptPrediction.objects.filter(bar_ns__gte=since)
    same = rows.filter(sha256=champion, **{name: OuterRef(name) for name in ("series_id", "timeframe", "event")})
    others = rows.exclude(sha256=champion).filter(Exists(same))
    return max(1, others.order_by("sha256").values("sha256").distinct().count())


def _cut_off(found: StoredCard) -> int:
    """Return the time (ns UTC) from which on a model has seen nothing of what becomes of events."""
    date = np.datetime64(str(found.card["usable_from"]), "D")
    if np.isnat(date):
        raise ValueError("The card has no date from which on its model may speak.")
    return int(date.astype(np.int64)) * DAY_NS
