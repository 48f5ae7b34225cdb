"""What is done with the series of a job, and the stages of a training."""

from enum import StrEnum


class Kind(StrEnum):
    """Say what a job comes to: answers about each symbol, or one model of all of them."""

    ANALYSIS = "analysis"
    TRAINING = "training"


# As forecasts and ml tell them, in their order, and then the end; the API that names them loads no library of models.
STAGES = ("read", "events", "gates", "card", "over")
OVER = STAGES[-1]
