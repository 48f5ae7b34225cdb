"""Every route of the API, and its documentation."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from api.v1.jobs import JobCancel, JobDetail, JobRetry, Jobs, JobsCounts
from api.v1.results import JobResult
from api.v1.tokens import Token, TokenRefresh

V1 = "api/v1/"

urlpatterns = [
    path(f"{V1}token", Token.as_view(), name="token"),
    path(f"{V1}token/refresh", TokenRefresh.as_view(), name="token-refresh"),
    path(f"{V1}jobs", Jobs.as_view(), name="jobs"),
    path(f"{V1}jobs/counts", JobsCounts.as_view(), name="jobs-counts"),
    path(f"{V1}jobs/<uuid:job_id>", JobDetail.as_view(), name="job"),
    path(f"{V1}jobs/<uuid:job_id>/result", JobResult.as_view(), name="job-result"),
    path(f"{V1}jobs/<uuid:job_id>/cancel", JobCancel.as_view(), name="job-cancel"),
    path(f"{V1}jobs/<uuid:job_id>/retry", JobRetry.as_view(), name="job-retry"),
    # Who reads the documentation needs no credentials, and bad ones do not matter.
    path(f"{V1}schema", SpectacularAPIView.as_view(authentication_classes=[]), name="schema"),
    path("docs", SpectacularSwaggerView.as_view(url_name="schema", authentication_classes=[]), name="docs"),
]
