"""django-unfold's settings: how the admin looks, and what its pages load."""

from typing import Any

from django.templatetags.static import static

from gravity.sidebar import sidebar


def unfold(flower_url: str) -> dict[str, Any]:
    """Return the settings of the admin's pages."""
    return {
        "SITE_TITLE": "Gravity",
        "SITE_HEADER": "Gravity Technical Analysis",
        "SITE_URL": "/",
        "SIDEBAR": sidebar(flower_url),
        "DASHBOARD_CALLBACK": "ops.admin_home.dashboard",
        "STYLES": [lambda request: static("ops/admin.css")],
        "SCRIPTS": [lambda request: static("ops/first_fault.js")],
    }
