"""WSGI entry point of the api processes."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gravity.settings")

application = get_wsgi_application()
