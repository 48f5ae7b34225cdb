"""The verbs of a scan."""
