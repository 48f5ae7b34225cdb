"""BROKER_URL and CACHE_URL reach Redis as they say: any password, a certificate that is looked at, a Sentinel."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project

from gravity.local.ports import LOOPBACK, free_ports
from gravity.redis_urls import complete
from tests.ops.throwaway_postgresql import self_signed
from tests.ops.throwaway_redis import behind_sentinel, running

# What the program does with them: Celery's messages, the health check, the cache, the counters, Flower.
ASK = """
import asyncio
import django; django.setup()
from django.conf import settings
from django.core.cache import cache
from flower.utils.broker import Broker
from accounts import counters
from gravity.celery import app
from ops.redis_info import ask
with app.connection_for_write() as broker:
    queue = broker.SimpleQueue("a-test")
    queue.put({"id": 1})
    message = queue.get(timeout=5)
    print(message.payload, end=" ")
    message.ack()
print(ask(settings.BROKER_URL, "memory")["maxmemory_policy"], end=" ")
flower = Broker(settings.BROKER_URL, broker_options=app.conf.broker_transport_options,
    broker_use_ssl=app.conf.broker_use_ssl)
print(asyncio.run(flower.queues(["a-test"]))[0]["messages"], end=" ")
cache.set("key", "value")
print(cache.get("key"), counters.count("requests", seconds=60) > 0)
"""
EVERYTHING = "{'id': 1} noeviction 0 value True"
PASSWORD = "a/#@:? %\"'\\$x&+é --end"


def start(folder: Path, **told: str) -> subprocess.CompletedProcess[str]:
    env = {"DJANGO_SETTINGS_MODULE": "gravity.settings", "DATA_DIR": str(folder), "DATABASE_URL": "sqlite://:memory:"}
    command = [sys.executable, "-c", ASK]
    return subprocess.run(
        command, env={**os.environ, **env, **told}, cwd=project.BASE_DIR, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("password", [PASSWORD, "--port"])
def test_a_password_may_have_any_characters(tmp_path: Path, password: str) -> None:
    (port,) = free_ports(1)
    url = f"redis://{LOOPBACK}:{port}/0"
    with running(tmp_path, "--port", str(port), "--save", "", port=port, password=password):
        done = start(tmp_path, BROKER_URL=url, CACHE_URL=url, BROKER_PASSWORD=password, CACHE_PASSWORD=password)
        assert done.stdout.strip() == EVERYTHING, done.stderr
        assert start(tmp_path, BROKER_URL=url, CACHE_URL=url).returncode != 0


def test_celerys_own_commands_know_the_password(tmp_path: Path) -> None:
    """Workers, beat and Flower are such commands, and each takes BROKER_URL out of the environment by itself."""
    (port,) = free_ports(1)
    told = {"DJANGO_SETTINGS_MODULE": "gravity.settings", "DATA_DIR": str(tmp_path)}
    told |= {"DATABASE_URL": "sqlite://:memory:", "BROKER_URL": f"redis://{LOOPBACK}:{port}/0"}
    with running(tmp_path, "--port", str(port), "--save", "", port=port, password=PASSWORD):
        for password, said in ((PASSWORD, "No nodes replied"), ("another", "invalid username-password")):
            done = subprocess.run(
                [sys.executable, "-m", "celery", "-A", "gravity", "inspect", "ping", "--timeout", "0.1"],
                env={**os.environ, **told, "BROKER_PASSWORD": password},
                cwd=project.BASE_DIR,
                capture_output=True,
                text=True,
            )
            assert said in done.stdout + done.stderr


def test_tls_looks_at_the_certificate_unless_it_is_told_not_to(tmp_path: Path) -> None:
    plain, port = free_ports(2)
    certificate = self_signed(tmp_path)
    files = ("--tls-cert-file", str(certificate), "--tls-key-file", str(certificate.with_suffix(".key")))
    arguments = ("--port", str(plain), "--tls-port", str(port), "--tls-ca-cert-file", str(certificate), *files)
    url = f"rediss://{LOOPBACK}:{port}/0"
    known = f"{url}?ssl_ca_certs={certificate}"
    with running(tmp_path, *arguments, "--tls-auth-clients", "no", "--save", "", port=plain):
        stranger = start(tmp_path, BROKER_URL=url, CACHE_URL=known)
        assert stranger.returncode != 0
        assert "CERTIFICATE_VERIFY_FAILED" in stranger.stderr
        for broker in (known, f"{url}?ssl_cert_reqs=none"):
            done = start(tmp_path, BROKER_URL=broker, CACHE_URL=known)
            assert done.stdout.strip() == EVERYTHING, done.stderr


def test_a_sentinel_is_asked_where_the_broker_is(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with (
        behind_sentinel(tmp_path, "gravity") as sentinel,
        running(tmp_path, "--port", str(port), "--save", "", port=port),
    ):
        cache = f"redis://{LOOPBACK}:{port}/0"
        done = start(tmp_path, BROKER_URL=sentinel, BROKER_MASTER_NAME="gravity", CACHE_URL=cache)
        assert done.stdout.strip() == EVERYTHING, done.stderr


@pytest.mark.parametrize(
    ("url", "password", "whole"),
    [
        ("redis://host:6379/0", "", "redis://host:6379/0"),
        ("redis://host:6379/0", "a/b", "redis://:a%2Fb@host:6379/0"),
        ("redis://user@host/0", "x", "redis://user:x@host/0"),
        ("redis://:own@host/0", "x", "redis://:own@host/0"),
        ("rediss://host/0", "", "rediss://host/0?ssl_cert_reqs=required"),
        ("rediss://host/0?ssl_cert_reqs=none", "", "rediss://host/0?ssl_cert_reqs=none"),
        ("sentinel://a:1/0;sentinel://b:2/0", "x", "sentinel://:x@a:1/0;sentinel://:x@b:2/0"),
        ("memory://", "", "memory://"),
    ],
)
def test_addresses_are_completed(url: str, password: str, whole: str) -> None:
    assert complete(url, password) == whole
    assert complete(whole, password) == whole
