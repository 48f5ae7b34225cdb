"""What stands beside every page of the admin."""

from typing import Any

from django.urls import reverse_lazy


def sidebar(flower_url: str) -> dict[str, Any]:
    """Return the links of the admin's sidebar."""
    return {
        "show_all_applications": True,
        "navigation": [
            {
                "title": "Work",
                "items": [
                    {"title": "Jobs", "icon": "list_alt", "link": reverse_lazy("admin:jobs_job_changelist")},
                    {"title": "Storage", "icon": "database", "link": reverse_lazy("admin:jobs_storageuse_changelist")},
                    {"title": "Scans", "icon": "radar", "link": reverse_lazy("admin:scans_scan_changelist")},
                    {"title": "Runs", "icon": "history", "link": reverse_lazy("admin:scans_scanrun_changelist")},
                    {
                        "title": "Models",
                        "icon": "model_training",
                        "link": reverse_lazy("admin:forecasts_modelversion_changelist"),
                    },
                    {
                        "title": "Instruments",
                        "icon": "finance",
                        "link": reverse_lazy("admin:market_instrument_changelist"),
                    },
                    {
                        "title": "Bar series",
                        "icon": "candlestick_chart",
                        "link": reverse_lazy("admin:market_barseries_changelist"),
                    },
                    {"title": "API keys", "icon": "key", "link": reverse_lazy("admin:accounts_apikey_changelist")},
                ],
            },
            {
                "title": "Running system",
                "items": [
                    {"title": "Holds", "icon": "pause_circle", "link": reverse_lazy("admin:jobs_hold_changelist")},
                    {"title": "Drains", "icon": "water_drop", "link": reverse_lazy("admin:ops_drain_changelist")},
                    {"title": "Flower", "icon": "monitoring", "link": flower_url},
                    {"title": "API documentation", "icon": "api", "link": "/docs"},
                    {"title": "Health", "icon": "favorite", "link": "/health"},
                ],
            },
        ],
    }
