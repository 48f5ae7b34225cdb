"""Ways of running the chart that the guide describes: a trial that scales or grows up, autoscalers, GitOps."""

import pytest

from tests.chart.render import CHART, VALUES, Object, get, objects, template

TO_PRODUCTION = ("--set", "redis.storage=1Gi")
SCALED = ("--set", "workerDefaults.autoscaling.enabled=true", "--set", "workerDefaults.replicas=null")


def claim(made: list[Object]) -> Object:
    """Return the broker's claim, which a cluster does not let shrink, nor grow everywhere."""
    (found,) = [one["spec"] for one in made if one["kind"] == "PersistentVolumeClaim" and "redis" in str(one)]
    return found


def test_a_trial_becomes_production_with_the_volume_that_it_has() -> None:
    assert claim(objects("production")) != claim(objects("trial"))
    assert claim(objects("production", *TO_PRODUCTION)) == claim(objects("trial"))
    guide = (CHART.parents[1] / "docs" / "deployment.md").read_text()
    assert " ".join(TO_PRODUCTION) in guide


def test_a_trial_under_keda_is_told_what_it_lacks_and_that_is_enough() -> None:
    asked = (*VALUES["trial"], "--set", "workerScaling=keda")
    refused = template(*asked)
    assert refused.returncode != 0
    assert "set workerDefaults.autoscaling.enabled=true and workerDefaults.replicas=null" in refused.stderr
    made = objects("trial", "--set", "workerScaling=keda", *SCALED)
    scaled = {one["metadata"]["name"] for one in made if one["kind"] == "ScaledObject"}
    assert {f"technical-analysis-worker-{queue}" for queue in ("interactive", "indicators", "patterns", "ml")} == scaled


@pytest.mark.parametrize("mode", ["Initial", "Recreate", "InPlaceOrRecreate", "Auto"])
def test_a_vertical_autoscaler_has_every_mode_of_today(mode: str) -> None:
    alone = ("--set", "api.autoscaling.enabled=false", "--set", f"api.verticalAutoscaler={mode}")
    (found,) = [one for one in objects("default", *alone) if one["kind"] == "VerticalPodAutoscaler"]
    assert found["spec"]["updatePolicy"] == {"updateMode": mode}
    assert found["spec"]["targetRef"]["name"] == "technical-analysis"


@pytest.mark.parametrize("values", ["production", "trial"])
def test_what_an_autoscaler_owns_is_left_out(values: str) -> None:
    made = objects(values)
    kinds = ("HorizontalPodAutoscaler", "ScaledObject")
    scaled = {one["spec"]["scaleTargetRef"]["name"] for one in made if one["kind"] in kinds}
    for one in made:
        if one["kind"] == "Deployment":
            assert ("replicas" in one["spec"]) is (one["metadata"]["name"] not in scaled), one["metadata"]["name"]


def test_what_only_renders_finds_the_same_objects_each_time() -> None:
    gitops = ("--set", "migrate.ttlSeconds=null")
    first, again = (objects("production", *gitops, "--set", f"podLabels.run={run}") for run in "ab")
    for one in (first, again):
        assert not [each for each in one if each["kind"] == "Secret"]
    # Two renderings of what draws passwords differ, which is why the guide names another secret for this.
    drawn = [template(*VALUES["trial"], "-s", "templates/secret.yaml").stdout for _ in range(2)]
    assert drawn[0] != drawn[1]
    assert "ttlSecondsAfterFinished" in get("production", "Job", job(objects("production")))["spec"]
    assert "ttlSecondsAfterFinished" not in next(one for one in first if one["kind"] == "Job")["spec"]


def job(made: list[Object]) -> str:
    """Return the name of the one Job."""
    (found,) = [str(one["metadata"]["name"]) for one in made if one["kind"] == "Job"]
    return found
