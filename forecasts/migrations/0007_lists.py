"""The admin's list of predictions is read along an index, whatever is chosen or looked for there."""

from django.db import migrations, models

from accounts.concurrent_indexes import AddIndexBeside


def _newest_of(field: str, name: str) -> AddIndexBeside:
    return AddIndexBeside("keptprediction", models.Index(fields=[field, "-served_at", "-id"], name=name))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("forecasts", "0006_deleted_versions")]

    operations = [
        _newest_of("result", "predictions_of_result"),
        _newest_of("model", "predictions_of_model"),
        _newest_of("symbol", "predictions_of_symbol"),
        _newest_of("name", "predictions_of_pattern"),
    ]
