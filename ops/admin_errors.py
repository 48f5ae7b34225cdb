"""What the admin answers where there is nothing, or nothing for who asks: in its own look, with a way back."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import csrf

ADMIN = "/admin/"
_NOT_ALLOWED = "You may not see this page, or not do this. What staff may is said by their groups, given by superusers."


def is_admin(request: HttpRequest) -> bool:
    """Tell whether a request is for the admin."""
    return request.path_info.startswith(ADMIN)


def forbidden(request: HttpRequest) -> HttpResponse:
    """Answer who may not."""
    return page(request, 403, "Not allowed", _NOT_ALLOWED)


def not_found(request: HttpRequest) -> HttpResponse:
    """Answer where nothing is."""
    text = f"Nothing is at {request.path}. What was there may have been deleted, or its time to be kept is over."
    return page(request, 404, "Nothing is here", text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that another login has outlived, or that is another site's."""
    if not is_admin(request):
        return csrf.csrf_failure(request, reason)
    text = (
        "This form was opened under another login, or not here. Nothing was done: go back, load it again and repeat it."
    )
    return page(request, 403, "The form is not valid any more", text)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer a bug of ours, with a page that asks nothing of what may be broken."""
    told = {"request_id": getattr(request, "request_id", "–")}
    return HttpResponse(render_to_string("ops/broken.html", told), status=500)


def page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """Answer a text as a page of the admin; to who is not logged in without its frame, which is about a user."""
    if not admin.site.has_permission(request):
        return render(request, "ops/refused.html", {"title": title, "text": text}, status=status)
    context = {**admin.site.each_context(request), "title": title, "text": text}
    return render(request, "ops/admin_error.html", context, status=status)
