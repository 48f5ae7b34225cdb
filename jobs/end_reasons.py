"""Why a job or a chunk ended otherwise than as asked: codes that clients may rely on."""

DEADLINE = "deadline_exceeded"  # the client's own deadline passed first
WORKER_LOST = "worker_lost"  # poison: it has cost a worker every try and is quarantined
OUT_OF_TIME = "time_limit_exceeded"  # the chunk's time was up before these symbols
OUT_OF_MEMORY = "out_of_memory"
TOO_LARGE = "result_too_large"  # it came to more than is kept of one symbol
TRANSIENT = "transient_failures"  # the database or the broker failed at every try
BUG = "internal_error"  # a fault of ours; staff find the traceback with the chunk
TOO_FEW_EVENTS = "too_few_events"  # of a training: its series have too few of the events that a model needs
NOT_MEASURABLE = "not_measurable"  # of a training: a figure of the card has no value on these events
NO_PLACE_FOR_MODELS = "no_place_for_models"  # of a training: there is no folder that a model can be written to
NOTHING_COMPUTED = "no_symbol_computed"  # every symbol failed for a reason of its own data
