"""Version 1 of the API: one file per resource, its shapes and its views together."""
