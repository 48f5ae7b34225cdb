"""Which models there are, which of them is served, and what it says of events."""
