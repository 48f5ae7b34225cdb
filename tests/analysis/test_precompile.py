"""What is compiled before the first job comes."""

import subprocess
import sys

PROGRAM = """
from analysis import Plan, run
from analysis.catalog import catalog
from analysis.catalog.registry import ENTRIES
from analysis.kernels.jit import fused, jit
from analysis.precompile import precompile
from analysis.validation import series

def kinds():
    # Of arguments that any loop was compiled for, or read from where it was kept.
    return sum(len(loop.signatures) for loop in {*jit.values(), *fused.values()})

precompile()
before, bars = kinds(), series.rough(400)
for entry in catalog():
    run(Plan.parse([entry.name]), bars, benchmark=bars)
    if ENTRIES[entry.name].takes_source:
        run(Plan.parse([{"name": entry.name, "source": "sma(volume, 5)"}]), bars, benchmark=bars)
print(before > 100, kinds() - before, len({*jit} & {*fused}))
"""


def test_after_precompiling_no_entry_compiles_anything_on_bars_or_on_another_entry() -> None:
    """No loop is compiled both ways either: which of them another loop calls would depend on which came first."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "0", "0"]
