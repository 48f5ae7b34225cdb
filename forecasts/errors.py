"""Why a model is not registered, promoted or rolled back."""


class RegistryError(Exception):
    """Anything that the registry refuses; `detail` is for people."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
