"""The callers of the API's tests: what accounts decides is seen best from outside."""

from tests.api.conftest import anonymous, api

__all__ = ["anonymous", "api"]
