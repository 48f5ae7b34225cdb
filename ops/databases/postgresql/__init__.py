"""PostgreSQL, counted."""
