"""The page at /, and the probes by name; ops.middleware answers those before the URLs are resolved."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from ops import health
from ops.admin_home import home_figures
from ops.exposition import metrics
from ops.landing_page import favicon, flower, landing_page

urlpatterns = [
    path("", landing_page, name="home"),
    path("favicon.ico", favicon, name="favicon"),
    path("flower", flower, name="flower"),
    path("flower/", flower),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/figures/", admin.site.admin_view(home_figures), name="admin-figures"),
    path("docs/", RedirectView.as_view(pattern_name="docs")),
    path("api/v1", RedirectView.as_view(pattern_name="docs")),
    path("health", health.health, name="health"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics, name="metrics"),
]
