"""Values that are wrong end in one clear line, not in a broken release."""

import pytest

from tests.chart.render import template

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
    "more at least than at most": (["api.autoscaling.minReplicas=60"], "api.autoscaling: minReplicas is above"),
}


@pytest.mark.parametrize("case", BAD)
def test_refused(case: str) -> None:
    settings, message = BAD[case]
    done = template(*(word for setting in settings for word in ("--set", setting)))
    assert done.returncode != 0
    assert message in done.stderr
    assert not done.stdout
