"""Hold a kubectl command against kubectl's own help and against what is on the cluster."""

import re
from collections.abc import Sequence
from functools import cache

import yaml

from tests.chart.tools import ROOT, run
from tests.deployment import inside
from tests.deployment.cluster import NAMESPACE, UNNAMED, kind, labels, named
from tests.deployment.pages import is_placeholder

VERBS = (
    *(
        "create secret generic",
        "create configmap",
        "create job",
        "set image",
        "rollout history",
        "rollout undo",
        "rollout status",
    ),
    *("rollout restart", "top pods", "get", "describe", "logs", "exec", "apply", "delete", "scale", "patch"),
    *("port-forward", "run", "kustomize", "diff", "version"),
)
SELECTABLE = {"Pod": {"status.phase"}, "Job": {"status.successful"}}


@cache
def flags(verb: str) -> dict[str, bool]:
    """Return the flags of a command, long and short, with whether each takes a value."""
    text = run("kubectl", *verb.split(), "--help").stdout + run("kubectl", "options").stdout
    found = {}
    for short, long, default in re.findall(r"^    (?:-(\w), )?--([\w-]+)=(.*):$", text, re.MULTILINE):
        found[long] = default not in ("true", "false")
        if short:
            found[short] = found[long]
    return found


def parse(verb: str, words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Split what follows the verb into arguments and flags; a flag that kubectl does not know fails."""
    known, arguments, given = flags(verb), [], {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            assert name in known, f"{verb} has no --{name}"
            given[name] = value if equals else rest.pop(0) if known[name] else "true"
        elif word.startswith("-"):
            for short in word[1:]:
                assert short in known, f"{verb} has no -{short}"
                given[short] = rest.pop(0) if known[short] else "true"
        else:
            arguments.append(word)
    return arguments, given


def check(words: Sequence[str]) -> None:
    """Raise unless the command can do what it says."""
    text = " ".join(words[1:])
    verb = next((verb for verb in VERBS if text == verb or text.startswith(f"{verb} ")), None)
    assert verb, f"an unknown command: {text}"
    rest = list(words[1 + len(verb.split()) :])
    inner = rest[rest.index("--") + 1 :] if "--" in rest else []
    arguments, given = parse(verb, rest[: rest.index("--")] if "--" in rest else rest)
    for flag in ("f", "filename", "k", "kustomize"):
        if flag in given and verb in ("apply", "diff") and given[flag] != "-":  # what the command before it prints
            assert (ROOT / given[flag]).exists(), given[flag]
    if verb in ("apply", "diff", "kustomize", "version"):
        assert all((ROOT / argument).is_dir() for argument in arguments)
        return
    targets = resolve(verb, arguments)
    namespace = given.get("n") or given.get("namespace")
    if "Service/grafana" in targets:
        assert namespace == "monitoring"
    elif not set(targets) & {"Node", f"Namespace/{NAMESPACE}"}:
        assert namespace == NAMESPACE, "the namespace is missing"
    for which in {target.partition("/")[0] for target in targets}:
        check_selection(which, given)
    if verb == "patch":
        yaml.safe_load(given["patch"])
    if verb in ("create secret generic", "create configmap"):
        keys = {word.partition("=")[2].partition("=")[0] for word in rest if word.startswith("--from-literal=")}
        which, _, name = targets[0].partition("/")
        assert keys == set(named(which)[name]["stringData" if which == "Secret" else "data"])
    if inner:
        inside.check(targets[0], inner)


def resolve(verb: str, arguments: list[str]) -> list[str]:
    """Return what a command speaks of, as Kind or Kind/name; what is not there fails."""
    if verb == "set image":
        check_image(arguments[1:])
        arguments = arguments[:1]
    if verb == "port-forward":
        arguments = arguments[:1]
    if verb in ("logs", "exec", "top pods"):
        arguments = ["pod", *arguments] if not arguments or "/" not in arguments[0] else arguments
    if verb == "run":
        return [f"new/{arguments[0]}"]
    if verb == "create configmap":
        return [f"ConfigMap/{arguments[0]}"]
    if verb.startswith("create"):
        fixed = {"create secret generic": "Secret/technical-analysis-secret", "create job": "Job"}
        return [fixed[verb]]
    if "/" in arguments[0]:
        pairs = [argument.split("/") for argument in arguments]
    else:
        pairs = [[one, name] for one in arguments[0].split(",") for name in arguments[1:] or [""]]
    found = []
    for word, name in pairs:
        which = kind(word)
        known = name in named(which) or (which, name) == ("Service", "grafana")
        assert not name or is_placeholder(name) or known, f"there is no {which} {name}"
        assert name or which in UNNAMED or which == "Pod" or named(which), f"there is no {which}"
        found.append(f"{which}/{name}" if name else which)
    return found


def check_selection(which: str, given: dict[str, str]) -> None:
    """Raise unless a selector finds something, or selects by a field that can be selected by."""
    selector = given.get("l") or given.get("selector")
    if selector:
        wanted = dict(part.split("=") for part in selector.split(","))
        assert any(
            all(key in one and (is_placeholder(value) or one[key] == value) for key, value in wanted.items())
            for one in labels(which)
        ), f"no {which} has {selector}"
    if "field-selector" in given:
        assert given["field-selector"].partition("=")[0] in SELECTABLE[which]


def check_image(pairs: list[str]) -> None:
    """Raise unless `set image` names this project's image and a container of that name, or all of them."""
    spec = named("Deployment")["technical-analysis"]["spec"]["template"]["spec"]
    for pair in pairs:
        container, _, image = pair.partition("=")
        assert container in {"*", *(one["name"] for one in spec["containers"])}
        assert image.partition(":")[0] == spec["containers"][0]["image"].partition(":")[0]
