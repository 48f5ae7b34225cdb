"""How far two clocks may be apart."""

from ops.doctor.finding import Finding, error, ok, warning

# Jobs go by the database's clock whatever a process's own says; tokens, certificates and the order of log lines do not.
WARNING_SECONDS, ERROR_SECONDS = 2.0, 30.0
REMEDY = "Let the machines take their time from one source (chrony, systemd-timesyncd), then look again."


def judge(whose: str, ahead_seconds: float) -> Finding:
    """Return the finding for a clock that is ahead of this machine's by so much."""
    apart = abs(ahead_seconds)
    side = "ahead of" if ahead_seconds > 0 else "behind"
    if apart < WARNING_SECONDS:
        return ok(f"{whose} clock and this machine's agree to {apart:.1f} s.")
    text = f"{whose} clock is {apart:.1f} s {side} this machine's."
    return (error if apart >= ERROR_SECONDS else warning)(text, REMEDY)
