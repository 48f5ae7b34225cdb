"""The queues, the task each runs, and which one a piece of work belongs to."""

INTERACTIVE = "interactive"
INDICATORS = "indicators"
PATTERNS = "patterns"
ML = "ml"
MAINTENANCE = "maintenance"

# Queues whose messages are chunks; `maintenance` carries beat's own tasks.
CHUNK_QUEUES = (INTERACTIVE, INDICATORS, PATTERNS, ML)
QUEUES = (*CHUNK_QUEUES, MAINTENANCE)

RUN_CHUNK_TASK = "tasks.analysis.run_chunk"

# A job of at most this much work is one that a person waits for.
INTERACTIVE_MICROSECONDS = 250_000


def queue_for(*, detects: bool, cost_us: float, waited_for: bool, foretells: bool = False) -> str:
    """Return the queue of a job from whether events are looked for and its estimated cost in microseconds.

    `waited_for`: somebody has asked for it alone, and may sit before the answer. `foretells`: a model is asked, which
    only the workers of one queue need to hold.
    """
    if foretells:
        return ML
    if waited_for and cost_us <= INTERACTIVE_MICROSECONDS:
        return INTERACTIVE
    return PATTERNS if detects else INDICATORS
