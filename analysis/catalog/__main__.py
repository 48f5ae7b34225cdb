"""`python -m analysis.catalog` prints the catalogue: entries with parameters, outputs, history, certificate."""

import os
import sys

from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.records.certificates import certificate, certified


def line(entry: Entry) -> str:
    """Return what there is to say of an entry in one line."""
    params = ", ".join(f"{param.name}={param.default}" for param in entry.params)
    outputs = ", ".join(output.name for output in entry.outputs)
    warmup = entry.warmup(entry.defaults())
    goes_on = "goes on" if entry.is_incremental else ""
    # One blank at least between two columns, however long the first.
    columns = (f"{entry.category:<14}", f"{entry.name:<28}", f"{params:<58}", f"{outputs:<44}", f"{warmup:>4} ")
    return " ".join((*columns, f"{entry.history:<11}", f"{goes_on:<8}", proof(entry)))


def proof(entry: Entry) -> str:
    """Return what the certificate says."""
    one = certificate(entry.name)
    if one is None:
        return "no certificate"
    return f"point in time on {one['prefixes']} prefixes of {len(one['series'])} series, {one['bars']} bars"


def main() -> None:
    """Print the catalogue, its length last."""
    entries = registry.catalog()
    for entry in entries:
        print(line(entry))
    count = len(certified() & {entry.name for entry in entries})
    print(f"{len(entries)} entries, {count} with a certificate that they are point in time")


if __name__ == "__main__":
    try:
        main()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
