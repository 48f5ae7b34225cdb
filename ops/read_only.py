"""The admin while the system only reads: whatever it would write is refused, but for logging in and for the holds."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from jobs import holds
from jobs.errors import ReadOnly

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ADMIN = "/admin/"
# Who has stopped the system must be able to come and let it go on.
GO_ON = ("/admin/login/", "/admin/logout/", "/admin/jobs/hold/", "/admin/ops/drain/")


class ReadOnlyPages:
    """Refuse the admin's forms meanwhile; the API refuses by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or that it has to wait."""
        path = request.path_info
        if request.method not in SAFE and path.startswith(ADMIN) and not path.startswith(GO_ON):
            try:
                holds.demand_writing()
            except ReadOnly as error:
                headers = {"Retry-After": str(error.retry_after), "Cache-Control": "no-store"}
                return HttpResponse(error.detail, status=503, content_type="text/plain; charset=utf-8", headers=headers)
        return self.get_response(request)
