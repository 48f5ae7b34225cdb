"""Which models have fallen back: measured to be worse than chance while they served, so chance is answered instead."""

from forecasts.models import Fallback

WORSE = "worse_than_chance"


def in_force(sha256: str) -> Fallback | None:
    """Return the fallback of a model by the sha256 of its card, or None where it may be served."""
    return Fallback.objects.filter(sha256=sha256, lifted_at=None).first()


def detail(fallback: Fallback) -> str:
    """Return what was measured, for people."""
    told = fallback.figures
    low, high = told["interval"]
    gain = f"{told['gain']:+.4f} nats an event [{low:+.4f}, {high:+.4f}]"
    of = f"{told['events']} predictions that were scored in {told['days']} days"
    return f"Since {fallback.fell_back_at:%Y-%m-%d} chance is answered: against it {of} gained {gain}."
