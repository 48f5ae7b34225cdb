#!/bin/sh
# Start one process of the system: start.sh api|worker <queue>|beat|flower|migrate|wait. The chart and compose.yaml call
# it. `wait` ends when the database is as this program needs it.
set -eu

# Whatever is written from here on is a line of JSON.
here=$(dirname "$0")
export PYTHONPATH="$here/lines${PYTHONPATH:+:$PYTHONPATH}"

# As a container's first process it would not hear it otherwise; what it becomes has a handler of its own.
trap 'exit 143' TERM

say() {
    printf '{"event": "%s", "level": "%s", "logger": "start.sh", "timestamp": "%s"}\n' "$2" "$1" "$(date -u +%FT%TZ)" >&2
}

# The folder may outlive a container, and the counts of processes that have ended would be added to the new ones.
if [ -n "${PROMETHEUS_MULTIPROC_DIR:-}" ]; then
    mkdir -p "$PROMETHEUS_MULTIPROC_DIR"
    rm -f "$PROMETHEUS_MULTIPROC_DIR"/*.db
fi
# What a container that was told to end has left there would make the next one send everybody away.
[ -z "${DRAIN_FILE:-}" ] || rm -f "$DRAIN_FILE"

# Machine code that was compiled at build; numba uses it only from a folder that it may write to.
case "${1:-}" in
    api | worker | beat | flower)
        if [ -d "$here/../numba" ]; then
            . "$here/machine.sh"
            export NUMBA_CACHE_DIR="${TMPDIR:-/tmp}/numba"
            # Whole or not at all: the folder outlives a container that is killed meanwhile, and half a file ends the next.
            if [ ! -d "$NUMBA_CACHE_DIR" ]; then
                rm -rf "$NUMBA_CACHE_DIR.copy"
                cp -R "$here/../numba" "$NUMBA_CACHE_DIR.copy"
                mv "$NUMBA_CACHE_DIR.copy" "$NUMBA_CACHE_DIR"
            fi
        fi
        ;;
esac

case "${1:-}" in
    api)
        # 256 threads: 48 may wait in a long poll, 84 for bodies (api/receiving.py), the others for their turn or answer.
        # The program writes its own access log. Of each of 4,096 connections, idle ones as well, 64 KB may be in memory.
        exec granian --interface wsgi --host 0.0.0.0 --port "${API_PORT:-8000}" --workers "${API_PROCESSES:-1}" \
            --blocking-threads 256 --backpressure 4096 --http1-buffer-size 65536 --http 1 --no-ws --no-access-log \
            --workers-kill-timeout 20 --log-level warning gravity.wsgi:application
        ;;
    worker)
        export DATABASE_POOL_SIZE=0 # a worker child is one thread and keeps its one connection
        export REMAP_SIGTERM=SIGQUIT # finish or hand back the running chunks, within the soft shutdown's time
        exec celery --quiet -A gravity worker --queues "$2" --hostname "$2@%h" --concurrency "${WORKER_CONCURRENCY:-2}" \
            --prefetch-multiplier 1 -O fair --without-mingle --without-gossip --loglevel INFO
        ;;
    beat)
        export DATABASE_POOL_SIZE=0
        exec celery --quiet -A gravity beat --pidfile= --loglevel INFO
        ;;
    flower)
        export DATABASE_POOL_SIZE=0
        case "${FLOWER_BASIC_AUTH:-}" in
            ?*:?*) ;;
            *) # without the colon Flower starts, and answers 401 to everybody
                say error "flower: set FLOWER_BASIC_AUTH=user:password"
                exit 1
                ;;
        esac
        exec celery --quiet -A gravity flower --address=0.0.0.0 --port="${FLOWER_PORT:-5555}" \
            --conf="$here/../gravity/flower_config.py"
        ;;
    migrate)
        exec python manage.py migrate_once
        ;;
    wait)
        export DATABASE_POOL_SIZE=0 # a pool would wait for its connection, and who ends this for the pool
        until python manage.py migrate --check; do
            say info "waiting for the migrations"
            sleep 3
        done
        ;;
    *)
        say error "usage: start.sh api|worker <queue>|beat|flower|migrate|wait"
        exit 2
        ;;
esac
