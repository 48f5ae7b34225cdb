"""Django's two databases with django-prometheus's series, counted at a quarter of its own price (docs/adr/0009)."""
