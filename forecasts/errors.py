"""Why a model is not registered, promoted or rolled back, and why none is trained."""


class RegistryError(Exception):
    """Anything that the registry refuses; `detail` is for people."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class TrainingRefused(Exception):
    """No model can be made: `code` for programs, `detail` for people, numbers where something is lacking."""

    def __init__(self, code: str, detail: str, *, found: int | None = None, needed: int | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.found, self.needed = code, detail, found, needed


class NoPlaceForModels(TrainingRefused):
    """There is no folder that models could be written to."""

    def __init__(self, detail: str) -> None:
        super().__init__("no_place_for_models", detail)


class TrainingStopped(Exception):
    """The caller asked to stop."""


class TrainingLost(Exception):
    """The training process was killed from outside, as by a machine that is out of memory; it may be tried again."""
