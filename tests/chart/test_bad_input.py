"""Values that are wrong end in one clear line, not in a broken release."""

import pytest
import yaml

from tests.chart.render import template
from tests.chart.tools import CHART

BAD = {
    "an unknown key": (["nonsense=1"], "'nonsense' not allowed"),
    "an unknown key below": (["api.nonsense=1"], "'nonsense' not allowed"),
    "an unknown setting": (["config.NONSENSE=1"], "'NONSENSE' not allowed"),
    "no secret": (["secret.existingSecret="], "secret.existingSecret: name the secret"),
    "a secret without a database": (["secret.create=true", "secret.existingSecret="], "secret.databaseUrl: where is"),
    "two secrets": (["secret.create=true"], "set create or existingSecret, not both"),
    "replicas beside an autoscaler": (["api.replicas=3"], "api.replicas: the autoscaler owns"),
    "worker replicas beside one": (["workers.ml.replicas=2"], "workers.ml.replicas: the autoscaler owns"),
    "fewer pods than none": (["api.autoscaling.minReplicas=-1"], "minimum: got -1, want 1"),
    "a negative time": (["migrate.ttlSeconds=-1"], "minimum: got -1, want 0"),
    "a negative number of processes": (["api.processes=-2"], "minimum: got -2, want 1"),
    "an image without tag": (["image.tag="], "/image/tag"),
    "another image without tag": (["redis.image=docker.io/library/redis"], "/redis/image"),
    "a tag in the repository": (["image.repository=ghcr.io/a/b:c"], "/image/repository"),
    "an unknown way to scale": (["workerScaling=magic"], "/workerScaling"),
    "two ways to scale": (["api.verticalAutoscaler=Auto"], "not together with api.autoscaling"),
    "too short an end": (["workerDefaults.terminationGraceSeconds=30"], "minimum: got 30, want 61"),
    "a number for a switch": (["flower.enabled=3"], "want boolean"),
    "a queue without a worker": (["workers.ml=null"], "workers.ml: without it nobody works on its queue"),
    "a worker without a queue": (["workers.indicator.concurrency=1"], "workers.indicator: there is no such queue"),
    "an end before the chunks'": (
        ["config.WORKER_SOFT_SHUTDOWN_SECONDS=90"],
        "config.WORKER_SOFT_SHUTDOWN_SECONDS: 90 is not below workers.",
    ),
    "a label of the chart's own": (["podLabels.app=x"], "podLabels: app is the chart's own"),
    "a label of its own for one": (["beat.podLabels.component=x"], "podLabels: component is the chart's own"),
    "an annotation of the chart's own": (
        ["podAnnotations.checksum/config=x"],
        "podAnnotations: checksum/config is the chart's own",
    ),
    "an archive inside the pods": (["config.ARCHIVE_DIR=/archive"], "config.ARCHIVE_DIR: /archive is inside the pods"),
    "an archive in two places": (
        ["config.ARCHIVE_DIR=/a", "archive.persistence.enabled=true"],
        "config.ARCHIVE_DIR: the chart sets it",
    ),
    "an archive on the API's volume alone": (
        ["config.ARCHIVE_DIR=/a/b", "api.extraVolumeMounts[0].name=a", "api.extraVolumeMounts[0].mountPath=/a"],
        "is inside the pods of workers.",
    ),
    "no broker": (
        ["redis.enabled=false", "secret.create=true", "secret.existingSecret=", "postgres.enabled=true"],
        "secret.brokerUrl: where is the broker?",
    ),
    "no cache": (
        ["cache.enabled=false", "secret.create=true", "secret.existingSecret=", "postgres.enabled=true"],
        "secret.cacheUrl: where is the cache?",
    ),
    "a key of another secret that nobody asks": (
        ["secret.from.BROKER_URL.name=a", "secret.from.BROKER_URL.key=b"],
        "secret.from.BROKER_URL: nothing asks for it",
    ),
    "an address from two places": (
        ["secret.from.DATABASE_URL.name=a", "secret.from.DATABASE_URL.key=b", "postgres.enabled=true"],
        "secret.from.DATABASE_URL: postgres.enabled brings a database of its own",
    ),
    "a key that there is not": (
        ["secret.from.DATABASE.name=a", "secret.from.DATABASE.key=b"],
        "'DATABASE' not allowed",
    ),
    "a cache by Sentinel": (["secret.cacheUrl=sentinel://a:26379"], "/secret/cacheUrl"),
    "a broker of another kind": (["secret.brokerUrl=amqp://a"], "/secret/brokerUrl"),
    "KEDA with nothing to scale": (
        ["workerScaling=keda", "workerDefaults.autoscaling.enabled=false"],
        "workerScaling: keda has nothing to scale",
    ),
    "too little for its children": (
        ["workers.ml.resources.limits.memory=512Mi"],
        "workers.ml: a memory limit of 512Mi",
    ),
    "a broker that would be killed": (["redis.maxMemoryMegabytes=1000"], "redis.maxMemoryMegabytes: 1000 is too near"),
    "a variable of the chart's own": (
        ["extraEnv[0].name=SECRET_KEY", "extraEnv[0].value=x"],
        "extraEnv: SECRET_KEY is set already",
    ),
    "a variable twice": (
        ["extraEnv[0].name=A", "extraEnv[0].value=x", "beat.extraEnv[0].name=A", "beat.extraEnv[0].value=y"],
        "extraEnv: A is set already",
    ),
    "a variable that is a number": (["extraEnv[0].name=A", "extraEnv[0].value=5"], "/extraEnv/0/value"),
    "a variable that is a switch": (
        ["beat.extraEnv[0].name=A", "beat.extraEnv[0].value=true"],
        "/beat/extraEnv/0/value",
    ),
    "a container without image": (["sidecars[0].name=x"], "missing property 'image'"),
    "a mount of no volume": (
        ["extraVolumeMounts[0].name=a", "extraVolumeMounts[0].mountPath=/a"],
        "extraVolumeMounts: there is no volume a",
    ),
    "a volume of the chart's own": (["beat.extraVolumes[0].name=tmp"], "extraVolumes: tmp is there already"),
    "a mount over the chart's": (
        ["extraVolumes[0].name=a", "api.extraVolumeMounts[0].name=a", "api.extraVolumeMounts[0].mountPath=/tmp/"],
        "extraVolumeMounts: /tmp is mounted already",
    ),
    "a sidecar in a Job": (["migrate.sidecars[0].name=x"], "'sidecars' not allowed"),
    "a route to no Gateway": (["gateway.enabled=true"], "gateway.parentRefs: which Gateway?"),
    "a Redis of nowhere": (
        ["redis.enabled=false", "networkPolicy.redisCidrs=null"],
        "networkPolicy.redisCidrs: where is your Redis?",
    ),
    "a digest that is none": (["image.digest=sha256:abc"], "/image/digest"),
    "a name that is too long": (["fullnameOverride=" + "a" * 41], "/fullnameOverride"),
    "more at least than at most": (["api.autoscaling.minReplicas=60"], "api.autoscaling: minReplicas is above"),
}


@pytest.mark.parametrize("release", ["a.b", "9a"])
def test_a_release_whose_name_no_service_can_have_is_refused(release: str) -> None:
    done = template(release=release)
    assert done.returncode != 0
    assert f"fullnameOverride: {release}-technical-analysis can be no Service's name" in done.stderr
    assert template("--set", "fullnameOverride=ours", release=release).returncode == 0


@pytest.mark.parametrize("case", BAD)
def test_refused(case: str) -> None:
    settings, message = BAD[case]
    done = template(*(word for setting in settings for word in ("--set", setting)))
    assert done.returncode != 0
    assert message in done.stderr
    assert not done.stdout


MAPS = {name for name, value in yaml.safe_load((CHART / "values.yaml").read_text()).items() if isinstance(value, dict)}
# Nothing is in them until somebody puts it there.
MAY_BE_NULL = {"global", "podLabels", "podAnnotations", "nodeSelector", "affinity", "dnsConfig"}
# Besides the parts themselves, what no template goes without.
NEEDED = [
    *("api.autoscaling", "workerDefaults.resources", "workerDefaults.autoscaling", "workerDefaults.concurrency"),
    *("workerDefaults.terminationGraceSeconds", "redis.image", "redis.resources", "archive.persistence"),
]


@pytest.mark.parametrize("helm", ["helm", "helm3"])
@pytest.mark.parametrize("path", [*sorted(MAPS - MAY_BE_NULL), *NEEDED])
def test_null_for_what_has_to_be_there_is_named(path: str, helm: str) -> None:
    part, _, name = path.rpartition(".")
    done = template("--set-json", f"{path}=null", helm=helm)
    assert done.returncode != 0
    helm4s, helm3s = (
        f"at '{'/' if part else ''}{part}': missing property '{name}'",
        f"{part or '(root)'}: {name} is required",
    )
    assert (helm3s if helm == "helm3" else helm4s) in done.stderr
    assert "nil pointer" not in done.stderr


@pytest.mark.parametrize("value", ["3", '"text"', "[]", "true"])
def test_a_part_that_is_no_map_is_named(value: str) -> None:
    done = template(*(word for name in sorted(MAPS) for word in ("--set-json", f"{name}={value}")))
    assert done.returncode != 0
    assert not [name for name in MAPS if f"at '/{name}': got " not in done.stderr]


@pytest.mark.parametrize(
    "name", [*sorted(MAY_BE_NULL), "ingress.extraHosts", "tolerations", "extraEnv", "extraObjects"]
)
def test_null_for_what_may_be_empty_is_empty(name: str) -> None:
    done = template("--set-json", f"{name}=null")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("helm", ["helm", "helm3"])
@pytest.mark.parametrize("queue", ["pattern", "Interactive", "ML", "indicators_2", "a" * 30])
def test_a_misspelt_queue_is_named_with_those_there_are(queue: str, helm: str) -> None:
    done = template("--set-json", f"workers.{queue}={{}}", helm=helm)
    assert done.returncode != 0
    assert f"workers.{queue}: there is no such queue; there are interactive, indicators, patterns, ml" in done.stderr
    done = template("--set-json", f"workers.{queue}=null", helm=helm)
    assert done.returncode != 0
    assert queue in done.stderr
