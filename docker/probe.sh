#!/bin/sh
# Exit 0 only if this container's worker or beat has shown a sign of life in the last minute: probe.sh worker|beat. It
# takes milliseconds; `manage.py probe` asks the same and starts all of Django for it.
set -eu

file="${HEARTBEAT_DIR:-/tmp/heartbeats}/${1:?usage: probe.sh worker|beat}"
if [ ! -e "$file" ]; then
    echo "$1: there is no heartbeat file." >&2
    exit 1
fi
if [ -z "$(find "$file" -mmin -1)" ]; then
    echo "$1: silent for more than a minute." >&2
    exit 1
fi
