"""SQLite, counted."""
