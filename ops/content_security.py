"""What a page may load, run and be shown in: its own files, no script inside the page, no frame."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
# Of these a browser makes a page that can act.
ACTIVE = ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml")

_PAGE: Mapping[str, str] = {
    "default-src": "'none'",
    "img-src": "'self' data:",
    "style-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_SWAGGER_UI = {
    **_PAGE,
    "script-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
}
_ADMIN = {
    **_PAGE,
    # Alpine, which unfold's pages are made with, makes functions of the attributes in its templates.
    "script-src": "'self' 'unsafe-eval'",
    "connect-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self'",
    "form-action": "'self'",
}
# A chart, and whatever else is shown by itself.
_PICTURE = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "sandbox": "",
}


def _written(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}".rstrip() for name, value in policy.items())


PAGE, SWAGGER_UI, ADMIN, PICTURE = map(_written, (_PAGE, _SWAGGER_UI, _ADMIN, _PICTURE))


class ContentSecurityPolicy:
    """Send every page with the policy of the part that it belongs to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; of answers that are no page nothing is said."""
        response = self.get_response(request)
        kind: str = response.get("Content-Type", "")
        if kind.startswith(ACTIVE):
            response.headers[HEADER] = _policy(request.path_info, kind)
        return response


def _policy(path: str, kind: str) -> str:
    if not kind.startswith("text/html"):
        return PICTURE
    if path == "/docs":
        return SWAGGER_UI
    return ADMIN if path.startswith("/admin/") else PAGE
