"""What every view of the API shares."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.views import APIView


class Endpoint(APIView):
    """A resource: one method for each verb, one call into the domain in each."""

    metadata_class = None
    http_method_names = ["get", "head", "post", "put", "delete"]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the answer, marked as belonging to whoever asked."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, ("Authorization",))
        if not answer.has_header("Cache-Control"):
            answer.headers["Cache-Control"] = "no-store"
        return answer


def caller(request: Request) -> AbstractBaseUser:
    """Return the user behind the request; the permissions have made sure that there is one."""
    user: AbstractBaseUser = request.user  # type: ignore[assignment]
    return user


def request_id(request: Request) -> str:
    """Return the id that the request's log lines carry."""
    given: str = getattr(request._request, "request_id", "")
    return given
