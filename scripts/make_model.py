"""Train a model that ships, from ../shared/data, and say which promise held.

    make model                # train again and compare with ml_models
    make model MODEL_ARGS=--write
    make model MODEL_ARGS="--name candlestick_outcome --write"
    make model MODEL_ARGS=--pages   # docs/models.md once more from the model that ships; nothing is trained

Written files are compared by sha256, which is promised for one xgboost and one image; elsewhere the golden rows must be
answered alike to 1e-6. A model of which a gate did not hold is not written. Without the data: exit 2.
"""

import argparse
import json
import os
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np

from ml.artifact import CLOSE, read, write
from ml.assessment import FULL_SEEDS, SEEDS, assess, not_run
from ml.card import card, final_fit
from ml.card_page import page
from ml.errors import ModelError
from ml.evaluation import evaluate
from ml.family import FAMILIES, PATTERNS, Family
from ml.series_files import FREE, of_files, origin_of
from ml.training import Fit, trees
from ml.training_set import TrainingSet
from scripts.model_pages import write_pages

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("GRAVITY_SHARED", ROOT.parent / "shared"))
MODELS = ROOT / "ml_models"


def main() -> int:
    """Train, and write or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--name", choices=FAMILIES, default=PATTERNS.name)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--out", type=Path, help="a folder, in place of that of the model that ships")
    parser.add_argument("--write", action="store_true", help="pass all gates and write the model")
    parser.add_argument("--full", action="store_true", help="twenty seeds of random walks among the gates")
    parser.add_argument("--pages", action="store_true", help="write what docs say of the model that ships")
    asked = parser.parse_args()
    family = FAMILIES[asked.name]
    folder = asked.out or shipped(family)
    if asked.pages:
        write_pages(read(shipped(family)))
        return 0
    lacking = [file.name for file in FREE if not (asked.data / file.name).is_file()]
    if lacking:
        print(f"{asked.data} has not {', '.join(lacking)}: there is nothing to train on.", file=sys.stderr)
        return 2
    try:
        made = of_files(asked.data, family=family)
        return _write(made, asked.data, folder, asked.full) if asked.write else _compare(made, folder)
    except ModelError as error:
        print(f"{error.code}: {error.detail}", file=sys.stderr)
        return 1


def shipped(family: Family) -> Path:
    """Return the folder of a family's model that ships."""
    return MODELS / family.name / family.version


def _write(made: TrainingSet, data: Path, out: Path, full: bool) -> int:
    seeds = FULL_SEEDS if full else SEEDS
    assessed = assess(made, seeds=seeds)
    for gate in assessed.gates:
        print(gate.line())
    if not all(gate.passed for gate in assessed.gates):
        print("A gate did not hold: nothing was written.", file=sys.stderr)
        return 1
    fit, mine = final_fit(made, assessed.found)
    origin = origin_of(data)
    origin = origin._replace(limitations=[*origin.limitations, *not_run(seeds)])
    stated = card(made, assessed, fit, mine, origin)
    # The page is of the card as it is read, which has its names in order.
    known = write(out, fit, stated, page(json.loads(json.dumps(stated, sort_keys=True))))
    model = read(out, known)
    if out == shipped(made.family):
        write_pages(model)
    print(f"{model.name}: {assessed.found.status}, card {known}")
    return 0


def _compare(made: TrainingSet, folder: Path) -> int:
    known = read(folder)
    fit, _ = final_fit(made, evaluate(made.stated, trials=made.family.trials))
    if made.digest != known.card["training"]["sha256"]:
        print("The events are others than the card's: data, detectors or features have changed.")
    if sha256(fit.booster.save_raw("ubj")).hexdigest() == known.card["sha256"]:
        print(f"{known.name}: the same trees to the byte, {known.card['sha256']}")
        return 0
    far = _furthest(fit, known.card["golden"])
    print(f"{known.name}: other bytes; golden rows are {far:.1e} apart at most (promised: {CLOSE:g})")
    return 0 if far <= CLOSE else 1


def _furthest(fit: Fit, golden: dict[str, list[list[float | None]]]) -> float:
    rows = np.array([[np.nan if one is None else one for one in row] for row in golden["features"]], np.float32)
    return float(np.abs(trees(fit.booster, rows) - np.array(golden["trees"])).max())


if __name__ == "__main__":
    sys.exit(main())
