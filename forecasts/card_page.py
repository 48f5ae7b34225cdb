"""A model's card as a part of a page. It is a file beside the model, and may have anything in it."""

from functools import cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from forecasts.stored_cards import PAGE, folder_of

# Cards have 13,000 bytes. What is read of a longer one is written in less than a second, whatever stands there.
MOST_BYTES = 50_000
# What cards are written with. Nothing of it leads anywhere or loads anything, and there is no HTML: all other is text.
RULES = ["heading", "list", "table", "emphasis", "backticks", "escape"]
# The page has headings of its own above.
HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}


def card_of(name: str, version: str) -> SafeString | None:
    """Return a model's card as HTML, or None where there is none that can be read."""
    try:
        with (folder_of(name, version) / PAGE).open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except (OSError, ValueError):  # no name that a folder could have
        return None
    written = text[:MOST_BYTES].decode(errors="replace")
    return html_of(written if len(text) <= MOST_BYTES else f"{written}\n\n… and more, which is not shown here.")


def html_of(text: str) -> SafeString:
    """Return Markdown as HTML."""
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
    html: SafeString = mark_safe(parser.renderer.render(tokens, parser.options, {}))  # noqa: S308 (it escapes all text)
    return html


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt  # 1.3 MB, which a worker never needs

    return MarkdownIt("zero").enable(RULES)
