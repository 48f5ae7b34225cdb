"""What the measured figures of a model have in common, as they are answered."""

from typing import Any

from rest_framework import serializers

from api.v1.forecast_serializers import Numbers


class MeasuredSerializer(serializers.Serializer[Any]):
    """Figures, and when they were measured."""

    measured_at = serializers.DateTimeField()


def gain_on(what: str) -> serializers.FloatField:
    """Return the field of what was gained in log-loss."""
    return serializers.FloatField(allow_null=True, help_text=f"Log-loss gained on {what}, nats an event.")


def interval_by(blocks: str, null: str) -> Numbers:
    """Return the field of an interval that draws these blocks; `null` says when there is none."""
    return Numbers(allow_null=True, help_text=f"95 %, by {blocks}; null {null}.")
