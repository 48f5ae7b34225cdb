"""The fields of custom resources that the chart uses; what is not listed is refused, as their servers would."""

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string", "minLength": 1}
WORDS = {"type": "array", "items": TEXT}
LABELS = {"type": "object", "additionalProperties": {"type": "string"}}
NUMBER = {"type": "integer", "minimum": 0}


def shape(*required: str, **fields: Any) -> dict[str, Any]:
    """Return the schema of an object with these fields and no others."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(required),
        "additionalProperties": False,
    }


def many(item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list with at least one item."""
    return {"type": "array", "items": item, "minItems": 1}


EXPRESSION = shape("key", "operator", key=TEXT, operator={"enum": ["In", "NotIn", "Exists"]}, values=WORDS)
SELECTOR = shape(matchLabels=LABELS, matchExpressions=many(EXPRESSION))
ENDPOINT = shape("port", port=TEXT, path={"type": "string", "pattern": "^/"}, interval=TEXT)
TARGET = shape("name", apiVersion=TEXT, kind=TEXT, name=TEXT)
ALERT = shape(
    "expr", alert=TEXT, record=TEXT, expr=TEXT, labels=LABELS, annotations=LABELS, **{"for": {"type": "string"}}
)
TRIGGER = shape(
    "type",
    "metadata",
    type={"const": "postgresql"},
    authenticationRef=shape("name", name=TEXT),
    metadata=shape("query", "targetQueryValue", query=TEXT, targetQueryValue={"type": "string", "pattern": "^[0-9]+$"}),
)
SCHEMAS: dict[tuple[str, str], dict[str, Any]] = {
    ("monitoring.coreos.com/v1", "ServiceMonitor"): shape(
        "selector", "endpoints", selector=SELECTOR, endpoints=many(ENDPOINT), podTargetLabels=WORDS
    ),
    ("monitoring.coreos.com/v1", "PodMonitor"): shape(
        "selector", "podMetricsEndpoints", selector=SELECTOR, podMetricsEndpoints=many(ENDPOINT), podTargetLabels=WORDS
    ),
    ("monitoring.coreos.com/v1", "PrometheusRule"): shape(
        "groups", groups=many(shape("name", "rules", name=TEXT, rules=many(ALERT), interval=TEXT))
    ),
    ("keda.sh/v1alpha1", "TriggerAuthentication"): shape(
        "secretTargetRef",
        secretTargetRef=many(shape("parameter", "name", "key", parameter=TEXT, name=TEXT, key=TEXT)),
    ),
    ("keda.sh/v1alpha1", "ScaledObject"): shape(
        "scaleTargetRef",
        "triggers",
        scaleTargetRef=TARGET,
        minReplicaCount=NUMBER,
        maxReplicaCount=NUMBER,
        pollingInterval=NUMBER,
        cooldownPeriod=NUMBER,
        triggers=many(TRIGGER),
    ),
    ("autoscaling.k8s.io/v1", "VerticalPodAutoscaler"): shape(
        "targetRef", targetRef=TARGET, updatePolicy=shape("updateMode", updateMode={"enum": ["Initial", "Auto"]})
    ),
    ("traefik.io/v1alpha1", "Middleware"): shape(
        rateLimit=shape("average", average=NUMBER, burst=NUMBER),
        chain=shape("middlewares", middlewares=many(shape("name", name=TEXT))),
    ),
}


def validate(one: dict[str, Any]) -> None:
    """Raise unless the custom resource has the fields it may have."""
    spec = SCHEMAS[one["apiVersion"], one["kind"]]
    whole = shape("metadata", "spec", apiVersion=TEXT, kind=TEXT, metadata={"type": "object"}, spec=spec)
    Draft202012Validator(whole).validate(one)
