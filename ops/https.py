"""Who comes through the proxy without TLS is led to the address with it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect


class HttpsRedirect:
    """Redirect what the proxy says came over http.

    Django's own redirect also takes who does not come through the proxy, and has no address with TLS to go to: a caller
    inside the cluster.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or where to send it."""
        proxy = settings.SECURE_PROXY_SSL_HEADER
        if settings.HTTPS_REDIRECT and proxy and request.META.get(proxy[0]) and not request.is_secure():
            return HttpResponsePermanentRedirect(f"https://{request.get_host()}{request.get_full_path()}")
        return self.get_response(request)
