"""What ml refuses: typed, with a code for programs and a sentence for people."""


class ModelError(Exception):
    """Anything that ml refuses."""

    code = "model_error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class TooFewEvents(ModelError):
    """The events are too few to train on, or to judge a model by."""

    code = "too_few_events"

    def __init__(self, found: int, needed: int, of: str = "events whose outcome is known") -> None:
        super().__init__(f"{found:,} {of}; at least {needed:,} are needed.")
        self.found, self.needed = found, needed


class NotMeasurable(ModelError):
    """Something of a card has no value on these events: they are too few of a kind, or too much alike."""

    code = "not_measurable"


class ModelRefused(ModelError):
    """A stored model is not what its card says; `code` tells in what."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
