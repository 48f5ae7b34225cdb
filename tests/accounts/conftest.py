"""The callers of the API's tests: what accounts decides is seen best from outside."""

from tests.api.conftest import _static_root, anonymous, api

__all__ = ["_static_root", "anonymous", "api"]
