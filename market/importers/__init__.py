"""Files of bars, one module per format.

A reader turns the text of a file into a `RawTable` of texts; `reading.read_bars` checks and converts what
any of them returns. Nothing is repaired silently: a bad bar refuses the file, or is left out on request and
counted.
"""

from market.importers.files import file_bytes
from market.importers.reading import FORMATS, Imported, read_bars

__all__ = ["FORMATS", "Imported", "file_bytes", "read_bars"]
