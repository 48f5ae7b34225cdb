"""What a harmonic's parameters allow, where its D is expected, and how good its ratios are."""

from collections.abc import Mapping
from math import exp, log1p

from analysis.catalog.params import Value
from analysis.patterns.harmonic_ratios import WEIGHTS, Harmonic

STRICT = (0.03, 0.05, 0.05)
MARGIN = 1e-9


def allowed(values: Mapping[str, Value]) -> tuple[float, float, float]:
    """Return the tolerances of D, B and range ends that the parameters come to."""
    asked = tuple(float(values[name]) for name in ("xd_tolerance", "xb_tolerance", "range_tolerance"))
    d, b, ends = (min(pair) for pair in zip(asked, STRICT, strict=True)) if values["preset"] == "strict" else asked
    return d + MARGIN, b + MARGIN, ends + MARGIN


def score_of(family: Harmonic, errors: Mapping[str, float], limits: Mapping[str, float]) -> float:
    """Return 1 for ideal ratios, less the more of the tolerances they use."""
    parts = [
        (WEIGHTS[measure], abs(log1p(error)) / limits[measure])
        for measure, error in errors.items()
        if measure in family.ratios and limits[measure] > 0
    ]
    return 1.0 if not parts else exp(-sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts))


def zone_of(
    family: Harmonic, points: tuple[float, float, float, float], tolerance: float
) -> tuple[dict[str, float], tuple[float, float]]:
    """Return the prices that D is expected at, and the zone that they have in common, as narrow as it gets."""
    x, a, b, c = points
    levels = {"abcd": c - (a - b)}
    if "CD_XC" in family.ratios:
        levels["cx"] = c - family.ends("CD_XC")[0] * (c - x)
    near_bd, far_bd = family.ends("CD_BC")
    levels |= {"bd_near": c - near_bd * (c - b), "bd_far": c - far_bd * (c - b)}
    if "AD_XA" in family.ratios:
        near, far = family.ends("AD_XA")
        levels |= {"xd": a - near * (a - x)} if near == far else {"xd": a - near * (a - x), "xd_far": a - far * (a - x)}
    wide = tolerance * abs(a - x)
    decides = [levels[name] for name in ("xd", "xd_far", "cx") if name in levels] or [levels["bd_near"]]
    zone = (min(decides) - wide, max(decides) + wide)
    for one in (sorted((levels["bd_near"], levels["bd_far"])), (levels["abcd"] - wide, levels["abcd"] + wide)):
        narrower = (max(zone[0], one[0]), min(zone[1], one[1]))
        zone = narrower if narrower[0] < narrower[1] else zone
    return levels, zone
