"""Training in a process of its own, for what it takes of memory goes with it: `python -m ml.training_process FOLDER`.

Who starts it puts the series and `wanted.json` into the folder, reads lines of JSON from its output, and holds its
input open: it ends when that does, so it never outlives who would take what it makes.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from ml.candidate import Series, make_candidate
from ml.errors import ModelError, TooFewEvents
from ml.series_folder import series_in

WANTED, MADE = "wanted.json", "made"
ABANDONED = 3
NICE = 5  # who waits for an answer goes first


def main() -> int:
    """Train, and say how far it is and what came of it. What is refused is said as well, and no error."""
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    os.nice(NICE)
    folder = Path(sys.argv[1])
    wanted = json.loads((folder / WANTED).read_text())
    try:
        made = make_candidate(
            series_in(folder),
            Series(**wanted["series"]),
            folder / MADE,
            seeds=wanted["seeds"],
            tell=lambda stage, done, total: _say(stage=stage, done=done, total=total),
        )
        _say(made=made._asdict())
    except TooFewEvents as few:
        _say(refused=few.code, detail=few.detail, found=few.found, needed=few.needed)
    except ModelError as error:
        _say(refused=error.code, detail=error.detail)
    except MemoryError:
        _say(refused="out_of_memory", detail="Training takes more memory than a worker may have.")
    return 0


def _say(**facts: Any) -> None:
    sys.stdout.write(f"{json.dumps(facts)}\n")
    sys.stdout.flush()


def _end_with_the_other() -> None:
    while os.read(0, 1):
        pass
    os._exit(ABANDONED)


if __name__ == "__main__":
    sys.exit(main())
