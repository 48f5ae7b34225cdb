"""What every view of the API shares."""

from contextlib import ExitStack
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView

from api.quotas import RateLimited, take
from jobs import holds


class Endpoint(APIView):
    """A resource: one method for each verb, one call into the domain in each."""

    metadata_class = None
    http_method_names = ["get", "head", "post", "put", "delete"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and give back afterwards what the request held."""
        with ExitStack() as request.held:  # type: ignore[attr-defined]
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the request in, or raise; what writes is refused while the system only reads."""
        super().initial(request, *args, **kwargs)
        if self.is_writing(request):
            holds.demand_writing()

    def is_writing(self, request: Request) -> bool:
        """Tell whether the request would change what is stored."""
        return request.method not in SAFE_METHODS

    def check_throttles(self, request: Request) -> None:
        """Count the request of a known owner; raise RateLimited when there have been too many this minute."""
        if request.user is None:
            return
        quota = take(caller(request).pk)
        request._request.quota = quota  # type: ignore[attr-defined]
        if quota is not None and quota.remaining < 0:
            raise RateLimited(wait=quota.reset_seconds)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the answer, marked as belonging to who asked."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, ("Authorization", "X-API-Key"))
        if (quota := getattr(request._request, "quota", None)) is not None:
            for name, value in quota.headers().items():
                answer.headers[name] = value
        if not answer.has_header("Cache-Control"):
            answer.headers["Cache-Control"] = "no-store"
        return answer


def demand_right(request: Request, thing: Any, permission: str) -> None:
    """Raise PermissionDenied for staff who may see somebody else's thing and may not do this to it."""
    who: Any = caller(request)
    if thing.owner_id != who.pk and not who.has_perm(permission):
        raise PermissionDenied


def caller(request: Request) -> AbstractBaseUser:
    """Return the user behind the request; the permissions have made sure that there is one."""
    user: AbstractBaseUser = request.user  # type: ignore[assignment]
    return user


def request_id(request: Request) -> str:
    """Return the id that the request's log lines carry."""
    given: str = getattr(request._request, "request_id", "")
    return given
