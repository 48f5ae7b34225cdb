"""What stands beside every page of the admin: to each who looks, the pages that open."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy


def sidebar(flower_url: str) -> dict[str, Any]:
    """Return the links of the admin's sidebar."""
    return {
        "show_all_applications": True,
        "navigation": [
            {
                "title": "Work",
                "items": [
                    _rows("Jobs", "list_alt", "jobs", "job"),
                    _rows("Storage use", "database", "jobs", "storageuse"),
                    _rows("Scans", "radar", "scans", "scan"),
                    _rows("Scan runs", "history", "scans", "scanrun"),
                    _rows("Models", "model_training", "forecasts", "modelversion"),
                    _rows("Instruments", "finance", "market", "instrument"),
                    _rows("Bar series", "candlestick_chart", "market", "barseries"),
                    _rows("API keys", "key", "accounts", "apikey"),
                ],
            },
            {
                "title": "Running system",
                "items": [
                    _rows("Holds", "pause_circle", "jobs", "hold"),
                    _rows("Drains", "water_drop", "ops", "drain"),
                    # It has an account of its own, and shows everybody's work.
                    _who_sees("Flower (own password)", "monitoring", flower_url, "jobs", "job"),
                    {"title": "API documentation", "icon": "api", "link": "/docs"},
                    {"title": "Health", "icon": "favorite", "link": "/health"},
                    _rows("Audit log", "manage_search", "admin", "logentry"),
                ],
            },
        ],
    }


def _rows(title: str, icon: str, app: str, model: str) -> dict[str, Any]:
    """Return the link to a list of rows, for who may see them."""
    return _who_sees(title, icon, reverse_lazy(f"admin:{app}_{model}_changelist"), app, model)


def _who_sees(title: str, icon: str, link: Any, app: str, model: str) -> dict[str, Any]:
    """Return a link for who may see the rows of a model."""

    def may_see(request: HttpRequest) -> bool:
        return any(request.user.has_perm(f"{app}.{verb}_{model}") for verb in ("view", "change"))

    return {"title": title, "icon": icon, "link": link, "permission": may_see}
