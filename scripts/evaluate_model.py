"""Print every gate of a model that ships with its figure and interval; the exit code is 1 where one did not hold.

    make evaluate-model                         # on ../shared/data
    python -m scripts.evaluate_model --name candlestick_outcome --data DIR --full

--full takes twenty seeds of random walks instead of four. Without the data it says so and exits with 2.
"""

import argparse
import os
import sys
from pathlib import Path

from ml.assessment import FULL_SEEDS, SEEDS, assess
from ml.errors import ModelError
from ml.family import FAMILIES, PATTERNS
from ml.series_files import FREE, of_files

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("GRAVITY_SHARED", ROOT.parent / "shared"))


def main() -> int:
    """Read, walk forward, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--name", choices=FAMILIES, default=PATTERNS.name)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--full", action="store_true", help="twenty seeds of random walks")
    asked = parser.parse_args()
    lacking = [file.name for file in FREE if not (asked.data / file.name).is_file()]
    if lacking:
        print(f"{asked.data} has not {', '.join(lacking)}: there is nothing to evaluate on.", file=sys.stderr)
        return 2
    made = of_files(asked.data, family=FAMILIES[asked.name])
    print(f"{len(made.stated):,} events of {made.bars:,} bars; {dict(sorted(made.counts.items()))}")
    try:
        found, _, gates = assess(made, seeds=FULL_SEEDS if asked.full else SEEDS)
    except ModelError as error:
        print(f"{error.code}: {error.detail}", file=sys.stderr)
        return 1
    for gate in gates:
        print(gate.line())
    heads = ", ".join(
        f"{status} of {head}" for head, status in zip(("resolve", "direction"), found.statuses, strict=True)
    )
    print(f"{found.status} over {found.best}: {found.gain}; {heads}")
    return 0 if all(gate.passed for gate in gates) else 1


if __name__ == "__main__":
    sys.exit(main())
