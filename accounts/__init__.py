"""Who calls: API keys, tokens and their throttle, which API, pages and admin share, and what staff have changed."""
