"""A model as files: model.ubj with the trees, card.json with all that must be known to use and to judge them.

Read as bytes, held against size and hash, and only then parsed: a damaged file can end the process that parses it. What
is wrong raises ModelRefused with a code; a model that was read has answered its own golden vector.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import xgboost as xgb

from analysis.outcomes import VERSION as LABEL_VERSION
from ml.arrays import Matrix
from ml.baselines import Baseline, finite
from ml.errors import ModelRefused
from ml.features import NAMES, version
from ml.training import Fit, trees

FORMAT = 1
TREES, CARD, PAGE = "model.ubj", "card.json", "card.md"
MOST_BYTES = 16 * 1024 * 1024
MOST_CARD_BYTES = 2 * 1024 * 1024
GOLDEN_ROWS = 16
CLOSE = 1e-6  # on another processor sums are rounded otherwise


@dataclass(frozen=True)
class Model:
    """A model that was read and found sound. `sha256` is that of its card, which names that of its trees."""

    fit: Fit
    card: Mapping[str, Any]
    sha256: str

    @property
    def name(self) -> str:
        """Return name and version, as they stand in an answer."""
        return f"{self.card['name']}/{self.card['version']}"


def golden(fit: Fit, features: Matrix) -> dict[str, Any]:
    """Return rows of features and what the trees say of them; a row without anything known is the first."""
    unknown = np.full((1, features.shape[1]), np.nan, np.float32)
    rows = np.concatenate((unknown, features[:: max(1, len(features) // GOLDEN_ROWS)][:GOLDEN_ROWS]))
    told = trees(fit.booster, rows)
    return {"features": [_row(row) for row in rows], "trees": told.tolist()}


def write(folder: Path, fit: Fit, card: Mapping[str, Any], page: str) -> str:
    """Write trees, card and page; return the card's sha256. The card is given what the trees' bytes say."""
    raw = bytes(fit.booster.save_raw("ubj"))
    stated = {
        "format": FORMAT,
        **card,
        "sha256": sha256(raw).hexdigest(),
        "bytes": len(raw),
        "label_version": LABEL_VERSION,
        "features": {"version": version(), "names": list(NAMES)},
        "shrinkage": list(fit.shrinkage),
        "baseline": fit.baseline.to_dict(),
    }
    text = json.dumps(stated, indent=1, allow_nan=False, sort_keys=True) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TREES).write_bytes(raw)
    (folder / CARD).write_text(text)
    (folder / PAGE).write_text(page)
    return sha256(text.encode()).hexdigest()


def read(folder: Path, expected: str | None = None) -> Model:
    """Return the model of a folder; `expected` is the sha256 that its card must have. Raises ModelRefused."""
    text = _bytes(folder / CARD, MOST_CARD_BYTES)
    known = sha256(text).hexdigest()
    if expected is not None and known != expected:
        raise ModelRefused("card_checksum", f"{CARD} has sha256 {known}, not {expected}.")
    card = _card(text)
    raw = _bytes(folder / TREES, MOST_BYTES)
    if sha256(raw).hexdigest() != card["sha256"]:
        raise ModelRefused("checksum", f"{TREES} has not the sha256 that its card names.")
    if card["features"] != {"version": version(), "names": list(NAMES)}:
        raise ModelRefused("features", "The model was trained on other features than are computed here.")
    if card["label_version"] != LABEL_VERSION:
        raise ModelRefused("label_version", f"The model means outcomes by definition {card['label_version']}.")
    first, second = (finite(part) for part in card["shrinkage"])
    fit = Fit(_booster(raw), Baseline.read(card["baseline"]), (first, second))
    _hold_golden(fit, card["golden"])
    return Model(fit, card, known)


def _bytes(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as reason:
        raise ModelRefused("missing", f"{path.name} cannot be read: {reason.strerror}.") from None
    if len(raw) > most:
        raise ModelRefused("too_large", f"{path.name} has more than {most:,} bytes.")
    return raw


def _card(text: bytes) -> Mapping[str, Any]:
    needed = {
        "name",
        "version",
        "sha256",
        "features",
        "label_version",
        "shrinkage",
        "baseline",
        "golden",
        "usable_from",
    }
    try:
        card = orjson.loads(text)  # which reads nothing that it could not write into an answer
    except ValueError:
        raise ModelRefused("card", f"{CARD} is not JSON.") from None
    if not isinstance(card, dict) or card.get("format") != FORMAT or needed - set(card):
        raise ModelRefused("card", f"{CARD} is not a card of format {FORMAT}.")
    return card


def _booster(raw: bytes) -> xgb.Booster:
    booster = xgb.Booster({"nthread": 1})
    try:
        booster.load_model(bytearray(raw))
    except xgb.core.XGBoostError:
        raise ModelRefused("unreadable", f"{TREES} is what its card names, but no model.") from None
    booster.set_param({"nthread": 1})
    if booster.feature_names != list(NAMES):
        raise ModelRefused("features", "The trees were grown on other features than the card names.")
    return booster


def _hold_golden(fit: Fit, given: Mapping[str, Any]) -> None:
    rows = np.array([[np.nan if one is None else one for one in row] for row in given["features"]], np.float32)
    told = trees(fit.booster, rows)
    if told.shape != np.shape(given["trees"]) or not np.allclose(told, given["trees"], rtol=0, atol=CLOSE):
        raise ModelRefused("golden", "The trees do not say of the golden rows what their card says.")


def _row(row: Matrix) -> list[float | None]:
    return [None if np.isnan(one) else float(one) for one in row]
