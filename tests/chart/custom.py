"""Custom resources: the operators' published models where there are some, else the fields that the chart uses.

A model passes over what it does not know and a server prunes it, so whatever does not come back is refused too.
"""

import importlib
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

MODELS = {
    "monitoring.coreos.com/v1": "cloudcoil.models.prometheus_operator.v1",
    "keda.sh/v1alpha1": "cloudcoil.models.keda.v1alpha1",
}
TEXT = {"type": "string", "minLength": 1}
NUMBER = {"type": "integer", "minimum": 0}


def shape(*required: str, **fields: Any) -> dict[str, Any]:
    """Return the schema of an object with these fields and no others."""
    return {"type": "object", "properties": fields, "required": list(required), "additionalProperties": False}


def many(item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list with at least one item."""
    return {"type": "array", "items": item, "minItems": 1}


SCHEMAS: dict[tuple[str, str], dict[str, Any]] = {
    ("autoscaling.k8s.io/v1", "VerticalPodAutoscaler"): shape(
        "targetRef",
        targetRef=shape("name", apiVersion=TEXT, kind=TEXT, name=TEXT),
        updatePolicy=shape("updateMode", updateMode={"enum": ["Initial", "Recreate", "InPlaceOrRecreate", "Auto"]}),
    ),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): shape(
        "parentRefs",
        parentRefs=many(shape("name", name=TEXT, namespace=TEXT, sectionName=TEXT)),
        hostnames=many(TEXT),
        rules=many(
            shape(
                "matches",
                "backendRefs",
                matches=many(shape(path=shape("type", "value", type={"enum": ["PathPrefix", "Exact"]}, value=TEXT))),
                backendRefs=many(shape("name", "port", name=TEXT, port=NUMBER)),
                filters=many(
                    shape(
                        "type",
                        "requestHeaderModifier",
                        type={"const": "RequestHeaderModifier"},
                        requestHeaderModifier=shape("remove", remove=many(TEXT) | {"maxItems": 16}),
                    )
                ),
                timeouts=shape("request", request={"pattern": "^[0-9]+(ms|s|m|h)$"}),
            )
        ),
    ),
    ("traefik.io/v1alpha1", "Middleware"): shape(
        rateLimit=shape("average", average=NUMBER, burst=NUMBER),
        chain=shape("middlewares", middlewares=many(shape("name", name=TEXT))),
        headers=shape("customRequestHeaders", customRequestHeaders={"additionalProperties": {"const": ""}}),
    ),
}


def is_custom(one: dict[str, Any]) -> bool:
    """Tell whether the object is a custom resource that is known here."""
    return one["apiVersion"] in MODELS or (one["apiVersion"], one["kind"]) in SCHEMAS


def validate(one: dict[str, Any]) -> None:
    """Raise unless the custom resource has the fields it may have."""
    if one["apiVersion"] in MODELS:
        model = getattr(_module(one["apiVersion"]), one["kind"])
        back = model.model_validate(one).model_dump(mode="json", by_alias=True, exclude_unset=True)
        lost = list(_lost(one, back, one["kind"]))
        assert not lost, f"unknown fields: {lost}"
    else:
        whole = shape("metadata", "spec", apiVersion=TEXT, kind=TEXT, metadata={"type": "object"}, spec=_spec(one))
        Draft202012Validator(whole).validate(one)


def _spec(one: dict[str, Any]) -> dict[str, Any]:
    return SCHEMAS[one["apiVersion"], one["kind"]]


@cache
def _module(version: str) -> Any:
    pytest.importorskip("cloudcoil.models", reason="the operators' models are not installed: make setup-dev")
    return importlib.import_module(MODELS[version])


def _lost(given: Any, back: Any, path: str) -> Any:
    """Yield the paths of what was given and has not come back."""
    if isinstance(given, dict):
        for key, value in given.items():
            if isinstance(back, dict) and key in back:
                yield from _lost(value, back[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}"
    elif isinstance(given, list):
        for n, (one, other) in enumerate(zip(given, back, strict=True)):
            yield from _lost(one, other, f"{path}[{n}]")
