"""The picture's colours: plain ones on every element, and the dark reader's in a style sheet over them.

What knows no style sheet, or no media query (a mail, a PDF, rsvg), so draws the light picture and never a black one.
Rising and falling, bullish and bearish are told apart by shape and place too, not by red and green alone.
"""

from collections.abc import Collection
from functools import cache

# Light and dark.
COLOURS = {
    "paper": ("#ffffff", "#0f1419"),
    "ink": ("#1b1f24", "#e6e9ee"),
    "soft": ("#5d6673", "#98a2b3"),
    "grid": ("#e5e7eb", "#232a33"),
    "up": ("#0f8a5f", "#3ecf9a"),
    "down": ("#c2374b", "#ff6b7d"),
    "shape": ("#2f5bd0", "#7aa2ff"),
    "study0": ("#b7791f", "#e0a84a"),
    "study1": ("#8452cf", "#b08cf0"),
    "study2": ("#1683a8", "#4fb3d6"),
    "study3": ("#b83280", "#e774b4"),
    "study4": ("#5f7f1f", "#9dbf58"),
    "study5": ("#7a6a58", "#b3a390"),
}
STUDIES = 6
THIN = {"fill": "none", "stroke-linejoin": "round", "stroke-linecap": "round"}
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"
# What a class looks like; a colour is named by its word.
LOOK: dict[str, dict[str, str]] = {
    "paper": {"fill": "paper"},
    "grid": {"stroke": "grid", "fill": "none"},
    "guide": {"stroke": "soft", "stroke-dasharray": "4 4", "stroke-width": ".8", "fill": "none"},
    "up": {"stroke": "up", "fill": "none"},
    "down": {"stroke": "down", "fill": "none"},
    "body-up": {"stroke": "up", "fill": "paper"},
    "body-down": {"stroke": "down", "fill": "down"},
    "volume-up": {"fill": "up", "fill-opacity": ".22"},
    "volume-down": {"fill": "down", "fill-opacity": ".22"},
    "leg": {"stroke": "shape", "stroke-width": "1.8", **THIN},
    "pole": {"stroke": "shape", "stroke-width": "3", **THIN},
    "ratio": {"stroke": "shape", "stroke-dasharray": "2 3", "fill": "none"},
    "edge": {"stroke": "ink", "stroke-width": "1.4", **THIN},
    "fill": {"fill": "shape", "fill-opacity": ".12"},
    "zone": {"fill": "shape", "fill-opacity": ".16"},
    "dot": {"fill": "shape", "stroke": "paper"},
    "entry": {"stroke": "ink", "stroke-dasharray": "2 3", "fill": "none"},
    "target": {"stroke": "up", "stroke-dasharray": "6 4", "fill": "none"},
    "stop": {"stroke": "down", "stroke-dasharray": "6 4", "fill": "none"},
    "known": {"stroke": "soft", "stroke-dasharray": "1 3", "fill": "none"},
    "last": {"stroke": "ink", "stroke-width": ".8", "stroke-dasharray": "2 2", "fill": "none"},
    "tag": {"fill": "ink"},
    "bullish": {"fill": "up"},
    "bearish": {"fill": "down"},
    "neutral": {"fill": "soft"},
    "condition": {"fill": "shape"},
    "unknown": {"fill": "grid"},
    **{f"study{place}": {"stroke": f"study{place}", "stroke-width": "1.3", **THIN} for place in range(STUDIES)},
    **{
        f"level{place}": {"stroke": f"study{place}", "stroke-opacity": ".75", "fill": "none"}
        for place in range(STUDIES)
    },
    **{f"area{place}": {"fill": f"study{place}", "fill-opacity": ".13"} for place in range(STUDIES)},
    **{f"solid{place}": {"fill": f"study{place}"} for place in range(STUDIES)},
    "text": {"fill": "ink"},
    "text-soft": {"fill": "soft"},
    "text-tag": {"fill": "paper"},
    "text-shape": {"fill": "shape", "font-weight": "600"},
    "text-bullish": {"fill": "up", "font-weight": "600"},
    "text-bearish": {"fill": "down", "font-weight": "600"},
    "text-neutral": {"fill": "soft", "font-weight": "600"},
    "text-title": {"fill": "ink", "font-weight": "600"},
    "leader": {"stroke": "soft", "stroke-width": ".7", "fill": "none"},
    "halo": {"fill": "none", "stroke": "paper", "stroke-width": "3", "stroke-linejoin": "round", "opacity": ".85"},
}


@cache
def attributes(name: str) -> str:
    """Return a class with its light look as SVG attributes."""
    look = "".join(f' {key}="{COLOURS[value][0] if value in COLOURS else value}"' for key, value in LOOK[name].items())
    return f'class="{name}"{look}'


def dark(names: Collection[str]) -> str:
    """Return the style sheet of the dark reader, for a picture with these classes."""
    rules = []
    for name in sorted(names):
        colours = "".join(f"{key}:{COLOURS[value][1]};" for key, value in LOOK[name].items() if value in COLOURS)
        rules.append(f".gravity-chart .{name}{{{colours}}}")
    return f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}"
