"""Who serves, shadows and deletes models of one name does it one after another."""

from forecasts.errors import RegistryError
from forecasts.models import ModelVersion

GONE = "There is no such model any more."


def lock_name_of(pk: int) -> tuple[ModelVersion, list[ModelVersion]]:
    """Lock all rows of a model's name until the transaction ends; return the model and all of them.

    Raises RegistryError where it is gone, be it since its name was read.
    """
    name = ModelVersion.objects.filter(pk=pk).values_list("name", flat=True).first()
    rows = list(ModelVersion.objects.select_for_update().filter(name=name).order_by("pk"))
    chosen = next((row for row in rows if row.pk == pk), None)
    if chosen is None:
        raise RegistryError(GONE)
    return chosen, rows
