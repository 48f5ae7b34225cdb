"""Whether a bad tick is forgotten: running sums keep what is lost in their last digits."""

import numpy as np

from analysis.catalog.entry import Entry
from analysis.catalog.params import Value
from analysis.validation import series
from analysis.validation.entry_checks import WINDOW, columns_of


def forgets(entry: Entry, values: dict[str, Value]) -> None:
    """A bar that was a thousand million times too large is forgotten when it has left the window."""
    lead = entry.warmup(values)
    bars = series.walk(2 * lead + 150)
    for factor in (1e6, 1e11):
        columns = {name: getattr(bars, name).copy() for name in ("open", "high", "low", "close", "volume")}
        for column in columns.values():
            column[lead + 20] *= factor
        ticked = columns_of(entry, series.changed(bars, **columns), values)
        for output, sound, later in zip(entry.outputs, columns_of(entry, bars, values), ticked, strict=True):
            one, two = sound[2 * lead + 22 :], later[2 * lead + 22 :]
            apart = np.abs(one - two) / max(np.abs(one[~np.isnan(one)]).max(initial=0.0), 1e-300)
            assert np.array_equal(np.isnan(one), np.isnan(two)), f"{output.name} is unknown elsewhere after ×{factor:g}"
            assert not (apart > WINDOW).any(), f"{output.name} is {np.nanmax(apart):.2g} off for good after ×{factor:g}"
