"""A stored model is used only if it is what its card says: refused with a code, before it is parsed."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xgboost as xgb

from ml import artifact
from ml.artifact import CARD, MOST_BYTES, TREES, golden, read, write
from ml.errors import ModelRefused
from ml.examples import Examples
from ml.training import Fit, fit, trees

STATED = {"name": "pattern_outcome", "version": "0.0.1", "usable_from": "2018-03-07"}


@pytest.fixture(scope="module")
def trained(noise: Examples) -> Fit:
    made = fit(noise, rounds=20)
    return Fit(made.booster, made.baseline, (1.0, 0.5))


@pytest.fixture
def folder(tmp_path: Path, trained: Fit, noise: Examples) -> Path:
    write(tmp_path, trained, {**STATED, "golden": golden(trained, noise.features)}, "# A page\n")
    return tmp_path


def refused(folder: Path, **expected: str) -> str:
    with pytest.raises(ModelRefused) as caught:
        read(folder, **expected)
    return caught.value.code


def change_card(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    card = json.loads((folder / CARD).read_text())
    change(card)
    (folder / CARD).write_text(json.dumps(card))


def change_trees(folder: Path, raw: bytes, *, is_named: bool = False) -> None:
    (folder / TREES).write_bytes(raw)
    if is_named:
        change_card(folder, lambda card: card.update(sha256=sha256(raw).hexdigest()))


def test_what_was_written_is_read_and_says_the_same(folder: Path, trained: Fit, noise: Examples) -> None:
    model = read(folder, sha256((folder / CARD).read_bytes()).hexdigest())
    assert model.name == "pattern_outcome/0.0.1"
    assert (model.fit.predict(noise) == trained.predict(noise)).all()


def test_the_same_model_is_the_same_files(folder: Path, trained: Fit, noise: Examples, tmp_path: Path) -> None:
    write(tmp_path / "again", trained, {**STATED, "golden": golden(trained, noise.features)}, "# A page\n")
    for name in (TREES, CARD):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_truncated_and_tampered_trees_are_refused_before_they_are_parsed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifact.xgb, "Booster", lambda *_: pytest.fail("parsed"))
    raw = (folder / TREES).read_bytes()
    change_trees(folder, raw[: len(raw) // 2])
    assert refused(folder) == "checksum"
    change_trees(folder, raw[:1000] + bytes([raw[1000] ^ 1]) + raw[1001:])
    assert refused(folder) == "checksum"
    change_trees(folder, b"")
    assert refused(folder) == "checksum"


def test_no_more_than_the_cap_is_read(folder: Path) -> None:
    with (folder / TREES).open("r+b") as file:
        file.truncate(MOST_BYTES + 1)
    assert refused(folder) == "too_large"
    with (folder / CARD).open("r+b") as file:
        file.truncate(artifact.MOST_CARD_BYTES + 1)
    assert refused(folder) == "too_large"


def test_a_file_that_lacks_is_named(folder: Path) -> None:
    (folder / TREES).unlink()
    assert refused(folder) == "missing"
    (folder / CARD).unlink()
    assert refused(folder) == "missing"


def test_another_card_than_the_registered_one_is_refused(folder: Path) -> None:
    known = sha256((folder / CARD).read_bytes()).hexdigest()
    change_card(folder, lambda card: card.update(shrinkage=[1.0, 1.0]))
    assert refused(folder, expected=known) == "card_checksum"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 2}'])
def test_what_is_no_card_is_refused(folder: Path, text: str) -> None:
    (folder / CARD).write_text(text)
    assert refused(folder) == "card"


def test_other_features_or_another_order_are_refused(folder: Path) -> None:
    change_card(folder, lambda card: card["features"]["names"].reverse())
    assert refused(folder) == "features"


def test_other_features_inside_the_trees_are_refused(folder: Path) -> None:
    data = xgb.DMatrix(np.zeros((20, 2), np.float32), label=np.arange(20) % 2, feature_names=["a", "b"])
    change_trees(folder, bytes(xgb.train({"nthread": 1}, data, 2).save_raw("ubj")), is_named=True)
    assert refused(folder) == "features"


def test_outcomes_of_another_definition_are_refused(folder: Path) -> None:
    change_card(folder, lambda card: card.update(label_version="0"))
    assert refused(folder) == "label_version"


def test_a_sound_hash_of_what_is_no_model_is_refused(folder: Path) -> None:
    change_trees(folder, b"no trees at all", is_named=True)
    assert refused(folder) == "unreadable"


def test_trees_that_say_something_else_of_the_golden_rows_are_refused(folder: Path) -> None:
    def off(card: dict[str, Any]) -> None:
        card["golden"]["trees"][3][1] += 2e-6

    change_card(folder, off)
    assert refused(folder) == "golden"


CHILD = """
import os, signal, sys
from pathlib import Path
import numpy as np
import xgboost  # in the parent, before the fork
from ml.artifact import read
from ml.features import NAMES
from ml.reasons import contributions
from ml.training import trees
rows = np.zeros((1000, len(NAMES)), np.float32)
for _ in range(2):
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        booster = read(Path(sys.argv[1])).fit.booster
        trees(booster, rows)
        contributions(booster, rows[:50])
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status))
"""


def test_a_child_of_a_process_that_knows_xgboost_predicts_and_does_not_hang(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split() == ["0", "0"]


DAMAGED = """
import sys
from pathlib import Path
from ml.artifact import TREES, read
from ml.errors import ModelRefused
folder = Path(sys.argv[1])
raw = bytearray((folder / TREES).read_bytes())
for place in range(0, len(raw), max(1, len(raw) // 40)):
    damaged = bytearray(raw)
    damaged[place] ^= 0xFF
    (folder / TREES).write_bytes(damaged)
    try:
        read(folder)
    except ModelRefused:
        continue
    raise SystemExit("a damaged file was read")
(folder / TREES).write_bytes(raw)
print(read(folder).name)
"""


def test_a_worker_lives_through_every_damaged_file(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DAMAGED, str(folder)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "pattern_outcome/0.0.1"), done.stderr


def test_what_predicts_loads_neither_pandas_nor_scikit_learn_nor_django() -> None:
    program = (
        "import sys, ml.artifact, ml.training; print([n for n in ('pandas','sklearn','django') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_file_of_the_program_can_read_a_pickle() -> None:
    pattern = re.compile(r"\b(pickle|joblib|cloudpickle|dill|marshal|shelve)\b\s*(\.|,|$|import)", re.MULTILINE)
    sources = Path(artifact.__file__).parent.rglob("*.py")
    assert not [path.name for path in sources if pattern.search(path.read_text())]
    assert trees.__module__ == "ml.training"
