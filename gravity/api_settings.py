"""What Django REST framework and drf-spectacular are told; nothing of it comes from the environment."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiKeyAuthentication",
        "accounts.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "accounts.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
    "EXCEPTION_HANDLER": "api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
# In the order in which the documentation shows them: what people come for first.
RESOURCES = {
    "jobs": "Submit analyses over bars, follow them, read their results.",
    "indicators": "A job of indicators, with its result if it is there soon.",
    "patterns": "A job of patterns, likewise.",
    "ml": "A job of patterns with what a model says of each.",
    "catalog": "What can be computed, and how it is called.",
    "scans": "Analyses over a universe on a schedule; written in the admin.",
    "series": "Bars that are stored.",
    "universes": "Lists of symbols.",
    "models": "Which models there are, and what their cards say.",
    "callbacks": "Being told when a job is over.",
    "storage": "What your jobs take.",
    "token": "Tokens for people, by password.",
    "keys": "API keys for programs.",
    "queues": "For staff: what waits in each queue, and stopping one.",
    "read-only": "For staff: letting nothing be written.",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Gravity Technical Analysis",
    "DESCRIPTION": "Submit analysis jobs, poll their results.",
    "VERSION": "1.1.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {"JobState": "api.v1.jobs.STATES", "VerdictEnum": "api.v1.models.DRIFT_VERDICTS"},
    "PATH_CONVERTER_OVERRIDES": {name: {"type": "string"} for name in ("symbol", "timeframe", "name")},
    "TAGS": [{"name": name, "description": text} for name, text in RESOURCES.items()],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}
