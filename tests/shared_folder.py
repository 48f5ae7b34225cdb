"""The folder beside the repository with data that licences keep out of it; tests that read it skip where it lacks."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("GRAVITY_SHARED", Path(__file__).resolve().parents[2] / "shared"))
LACKING = "no ../shared/"
