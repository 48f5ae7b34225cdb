"""Which file a process writes its metrics to; must be decided before the first metric is declared."""

import os

from billiard.process import current_process
from prometheus_client import values

from gravity import metric_files


def identity() -> int | str:
    """Return a worker child's place in its pool, else the process id.

    By place, a recycled child goes on with its predecessor's file; by process id, the files of all children that
    ever were would be read at every scrape.
    """
    index = getattr(current_process(), "index", None)
    return os.getpid() if index is None else f"child{index}"


if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    os.makedirs(os.environ["PROMETHEUS_MULTIPROC_DIR"], exist_ok=True)
    metric_files.install()
    values.ValueClass = values.MultiProcessValue(identity)
