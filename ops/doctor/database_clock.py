"""The database's clock beside this machine's."""

from jobs import clock
from ops.doctor.finding import Finding
from ops.doctor.skew import judge

NAME = "database clock"


def check() -> Finding:
    """Ask the database for its time."""
    return judge("The database's", clock.shared.read().offset)
