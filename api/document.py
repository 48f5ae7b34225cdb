"""The OpenAPI document, made once: it is everybody's, and making it takes a fifth of a second of a processor."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class Document(SpectacularAPIView):
    """The document as YAML or JSON; who reads it needs no credentials, and bad ones do not matter.

    The package's own view makes it for each request, and writes parameters of the query into it and into a header.
    """

    authentication_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the document in the form that Accept asks for."""
        form = request.accepted_renderer
        answer = HttpResponse(written(form.format == "json"), content_type=f"{form.media_type}; charset=utf-8")
        answer.headers["Content-Disposition"] = f'inline; filename="openapi.{form.format}"'
        return answer


@cache
def written(as_json: bool) -> bytes:
    """Return the document as JSON or as YAML."""
    form = OpenApiJsonRenderer() if as_json else OpenApiYamlRenderer()
    return bytes(form.render(SchemaGenerator().get_schema(request=None, public=True), renderer_context={}))
