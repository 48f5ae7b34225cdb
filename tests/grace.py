"""How long a worker that is told to end may take, as chart and compose give it."""

# With the time over, a message on its way to a child just then is dropped, and billiard's child waits half a minute for
# somebody to read its answer.
GRACE_SECONDS = 90
