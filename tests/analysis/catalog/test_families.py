"""Whatever lies in a family's folder is registered: a file that its package does not name would not be."""

import json
import subprocess
import sys

from tests.analysis.shipped import ROOT

PROGRAM = "import analysis, json, sys; print(json.dumps(sorted(sys.modules)))"


def test_every_file_of_a_family_is_named_in_its_package() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    for package in ("indicators", "patterns"):
        files = [path for path in (ROOT / "analysis" / package).rglob("*.py") if path.name != "__init__.py"]
        names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files}
        assert len(names) > 10
        assert sorted(names - loaded) == [], "Name it in the __init__.py of its folder: the import and __all__."
