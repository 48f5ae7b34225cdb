"""The admin while the system only reads: whatever it would write is refused, but for logging in and for the holds."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import SAFE_METHODS

from jobs import holds
from jobs.errors import ReadOnly
from ops.admin_errors import is_admin, page

# Who has stopped the system must be able to come and let it go on.
GO_ON = ("/admin/login/", "/admin/logout/", "/admin/jobs/hold/", "/admin/ops/drain/")


class ReadOnlyPages:
    """Refuse the admin's forms meanwhile; the API refuses by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Answer that the request has to wait; by now it is known who asks, which the page shows."""
        if request.method in SAFE_METHODS or not is_admin(request) or request.path_info.startswith(GO_ON):
            return None
        try:
            holds.demand_writing()
        except ReadOnly as error:
            answer = page(request, 503, "The system only reads", error.detail)
            answer["Retry-After"], answer["Cache-Control"] = str(error.retry_after), "no-store"
            return answer
        return None
