import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def _static_root() -> None:
    """The folder that WhiteNoise looks into; an image has it filled."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
