"""Ten mutants of the source, each of which a test must find, in a plain clone; two are tried at a time.

    python -m tests.mutants

The exit code is 1 if one is found by no test, does not apply any more or could not be tried.
"""

import shutil
import sys
import textwrap
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path

from tests.mutants.clone import tracked
from tests.mutants.mutant import Mutant, listed
from tests.mutants.trial import Found, fault_without, missing, tried

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = ("mutant", "test", "assertion")
SHARES = (0.25, 0.4, 0.35)  # of the width, a column each
BETWEEN = " │ "


def line(cells: Sequence[str]) -> str:
    """Return a row of the table, each cell wrapped in its column."""
    width = max(shutil.get_terminal_size((160, 24)).columns, 80)
    wide = [int(share * width) - len(BETWEEN) for share in SHARES]
    columns = [
        [text for part in cell.split("\n") for text in textwrap.wrap(part, columns, break_on_hyphens=False)]
        for cell, columns in zip(cells, wide, strict=True)
    ]
    rows = zip_longest(*columns, fillvalue="")
    return "\n".join(BETWEEN.join(map(str.ljust, row, wide)).rstrip() for row in rows)


def main(mutants: Sequence[Mutant], root: Path) -> int:
    """Run the tests on the source as it is, then each mutant's on the mutant, and print what came of it."""
    began, paths = time.monotonic(), tracked(root)
    # Those on services take longest and begin first.
    mutants = sorted(mutants, key=lambda mutant: not mutant.services)
    runs = [[one for one in mutants if not one.services], [one for one in mutants if one.services and not missing()]]
    with ThreadPoolExecutor(2) as pool:
        faults = [said for said in pool.map(lambda some: fault_without(some, root, paths), runs) if said]
        if faults:
            print(*faults, "The tests fail without any mutant.", sep="\n")
            return 1
        print(f"All tests pass on the source as it is: {time.monotonic() - began:.0f} s.", line(HEADINGS), sep="\n\n")
        found: list[Found] = []
        for one in pool.map(lambda mutant: tried(mutant, root, paths), mutants):
            # Between the file and the test a line ends.
            print(line((one.mutant, one.test.replace("::", "\n"), one.assertion)), flush=True)
            found.append(one)
    count = sum(one.is_found for one in found)
    print(f"\n{count} of {len(found)} mutants found, in {time.monotonic() - began:.0f} s.")
    return 0 if count == len(found) else 1


if __name__ == "__main__":
    sys.exit(main(listed(), ROOT))
