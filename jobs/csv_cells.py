"""Texts as cells of CSV."""

# A spreadsheet takes a text that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(text: str) -> str:
    """Return a text as a cell: quoted where it must be, and with an apostrophe before what looks like a formula."""
    if text.startswith(_FORMULA):
        text = f"'{text}"
    if any(mark in text for mark in ',"\r\n'):
        text = '"{}"'.format(text.replace('"', '""'))
    return text
