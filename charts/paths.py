"""Columns as SVG paths: relative steps of tenths of a pixel, which are half as long as absolute ones."""

import numpy as np

from analysis.arrays import Floats, Ints

FAR = 4_000.0  # pixels beyond which a place is not told apart: it is far outside of any picture


class _Tenths(dict[int, str]):
    """The text of a number of tenths, with a blank before it unless its sign sets it apart."""

    def __missing__(self, tenths: int) -> str:
        whole, rest = divmod(abs(tenths), 10)
        digits = f"{whole}.{rest}" if whole and rest else f".{rest}" if rest else str(whole)
        text = f"-{digits}" if tenths < 0 else f" {digits}"
        if len(self) < 50_000:
            self[tenths] = text
        return text


TENTHS = _Tenths()


def tenths(pixels: Floats) -> Ints:
    """Return pixels as whole tenths, those far outside at the far edge."""
    return np.rint(np.clip(pixels, -FAR, FAR) * 10).astype(np.int64)


def curve(x: Floats, y: Floats) -> str:
    """Return a line through the points, broken where y is NaN; a point between two breaks is a dot."""
    places = np.flatnonzero(np.isfinite(y))
    if not len(places):
        return ""
    across, up = tenths(x[places]), tenths(y[places])
    breaks = np.diff(places, prepend=places[0] - 2) > 1
    alone = breaks & np.append(breaks[1:], True)
    steps = zip(
        np.diff(across, prepend=0).tolist(),
        np.diff(up, prepend=0).tolist(),
        breaks.tolist(),
        alone.tolist(),
        strict=True,
    )
    return "".join(
        [f"{'m' if begins else ''}{TENTHS[dx]}{TENTHS[dy]}{'h0' if is_dot else ''}" for dx, dy, begins, is_dot in steps]
    )


def steps(x: Floats, y: Floats, step: float) -> str:
    """Return levels: a flat line as long as a value stays, nothing where it becomes another."""
    known = np.isfinite(y)
    begins = np.flatnonzero(known & (np.diff(y, prepend=np.nan) != 0))
    ends = np.flatnonzero(known & (np.diff(y, append=np.nan) != 0))
    left, right, up = tenths(x[begins] - step / 2), tenths(x[ends] + step / 2), tenths(y[begins])
    rows = zip(left.tolist(), up.tolist(), (right - left).tolist(), strict=True)
    return "".join([f"M{TENTHS[at]}{TENTHS[high]}h{TENTHS[wide].lstrip()}" for at, high, wide in rows])


def area(x: Floats, upper: Floats, lower: Floats) -> str:
    """Return the shape between two lines, one for each stretch where both are known."""
    places = np.flatnonzero(np.isfinite(upper) & np.isfinite(lower))
    if not len(places):
        return ""
    stretches = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return "".join(_outline(x[one], upper[one], lower[one]) for one in stretches if len(one) > 1)


def _outline(x: Floats, upper: Floats, lower: Floats) -> str:
    across = tenths(np.concatenate([x, x[::-1]]))
    up = tenths(np.concatenate([upper, lower[::-1]]))
    steps = zip(np.diff(across).tolist(), np.diff(up).tolist(), strict=True)
    begin = f"M{TENTHS[int(across[0])]}{TENTHS[int(up[0])]}l"
    return begin + "".join([f"{TENTHS[dx]}{TENTHS[dy]}" for dx, dy in steps]) + "z"


def columns(x: Floats, width: float, top: Floats, bottom: Floats) -> str:
    """Return upright bars of one width between two heights; what is NaN has none."""
    known = np.isfinite(top) & np.isfinite(bottom)
    left, above, below = tenths(x[known] - width / 2), tenths(top[known]), tenths(bottom[known])
    wide = round(width * 10)
    rows = zip(left.tolist(), above.tolist(), (below - above).tolist(), strict=True)
    across, back = TENTHS[wide].lstrip(), TENTHS[-wide]
    return "".join([f"M{TENTHS[at]}{TENTHS[high]}h{across}v{TENTHS[tall].lstrip()}h{back}z" for at, high, tall in rows])


def stems(x: Floats, top: Floats, bottom: Floats) -> str:
    """Return upright lines between two heights."""
    rows = zip(tenths(x).tolist(), tenths(top).tolist(), (tenths(bottom) - tenths(top)).tolist(), strict=True)
    return "".join([f"M{TENTHS[at]}{TENTHS[high]}v{TENTHS[tall].lstrip()}" for at, high, tall in rows])
