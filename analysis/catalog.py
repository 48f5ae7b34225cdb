"""`python -m analysis.catalog` prints the catalogue: every entry with its parameters, outputs and history."""

import analysis
from analysis.spec import Entry


def line(entry: Entry) -> str:
    """Return what there is to say of an entry in one line."""
    params = ", ".join(f"{param.name}={param.default}" for param in entry.params)
    outputs = ", ".join(output.name for output in entry.outputs)
    warmup = entry.warmup(entry.defaults())
    return f"{entry.category:<13}{entry.name:<29}{params:<59}{outputs:<45}{warmup:>4}  {entry.history}"


def main() -> None:
    """Print the catalogue, its length last."""
    entries = analysis.catalog()
    for entry in entries:
        print(line(entry))
    print(f"{len(entries)} entries")


if __name__ == "__main__":
    main()
