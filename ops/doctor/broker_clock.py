"""The broker's clock beside this machine's."""

import time

from django.conf import settings

from ops.doctor.finding import Finding
from ops.doctor.skew import judge
from ops.redis_info import ask

NAME = "broker clock"


def check() -> Finding:
    """Ask the broker for its time; messages that nobody acknowledged are given back by it."""
    before = time.time()
    theirs = ask(settings.BROKER_URL, "server")["server_time_usec"] / 1e6
    return judge("The broker's", theirs - (before + time.time()) / 2)
