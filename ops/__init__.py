"""Watch the running system: health, metrics, access log, start-up checks."""
