"""Names of ratios up to 1.1.0: answers carry both, and stored events keep the former ones, for one minor version."""

from collections.abc import Mapping

FORMER = {
    "AB_XA": "XB",
    "BC_AB": "AC",
    "CD_BC": "BD",
    "AD_XA": "XD",
    "XC_XA": "XC",
    "CD_XC": "CX",
    "CD_AB": "CD",
}
_PRESENT = {former: name for name, former in FORMER.items()}


def with_former(ratios: Mapping[str, float] | None) -> dict[str, float]:
    """Return the ratios by their names, followed by the same by their former ones."""
    present = dict(ratios or {})
    return present | {FORMER[name]: ratio for name, ratio in present.items() if name in FORMER}


def by_former(ratios: Mapping[str, float]) -> dict[str, float]:
    """Return the ratios by the names that stored events have them by."""
    return {FORMER.get(name, name): ratio for name, ratio in ratios.items()}


def by_present(ratios: Mapping[str, float]) -> dict[str, float]:
    """Return the ratios of a stored event by their names of today."""
    return {_PRESENT.get(name, name): ratio for name, ratio in ratios.items()}
