"""/metrics: what the processes counted, the database and cache series, and what is read at the scrape."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import generate_latest

from ops.collectors import registry


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer all series in Prometheus' text format; with PROMETHEUS_MULTIPROC_DIR, those of every process.

    What is read from database and broker at the scrape is left out where beat serves it.
    """
    response: HttpResponse = ExportToDjangoView(request)
    if settings.API_SYSTEM_METRICS:
        response.content += generate_latest(registry)
    return response
