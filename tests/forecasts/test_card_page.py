"""A model's card is read as it is meant on the model's page, and nothing in it is more than text."""

import re
from pathlib import Path

import pytest
from django.test import Client

from forecasts.card_page import MOST_BYTES, html_of
from forecasts.models import ModelVersion
from forecasts.services.registry import register_all
from tests.forecasts.test_model_page import NOW, page
from tests.forecasts.versions import add

TAGS = {
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "strong",
    "em",
    "code",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "![a](https://example.com/a.png)",
    "<https://example.com>",
    '[a]: https://example.com "b"\n\n[a]',
    "# <svg onload=alert(1)>",
    "| <b onclick=alert(1)> |\n|---|\n| `</code><script>alert(1)</script>` |",
    "**<script>alert(1)</script>**",
    "```<script>alert(1)</script>\nx\n```",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
    "\0<script\0>alert(1)",
    "a" * 10 + "\u202e" + "</section></body>",
]


def tags(html: str) -> list[str]:
    return re.findall(r"<([^>]*)>", html)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_card_is_more_than_text(text: str) -> None:
    found = tags(html_of(text))
    assert found
    assert {tag.removeprefix("/") for tag in found} <= TAGS, "and no tag has an attribute"


@pytest.mark.parametrize(
    "text", ["**_*" * 15_000, "|a" * 25_000, "* " * 25_000, "`" * 50_000, "\\" * 50_000, "[" * 50_000]
)
def test_a_card_of_signs_alone_is_a_page(text: str) -> None:
    assert {tag.removeprefix("/") for tag in tags(html_of(text[:MOST_BYTES]))} <= TAGS


@pytest.mark.django_db
def test_the_card_that_ships_is_headings_lists_and_tables(models: Path, admin_client: Client) -> None:
    text = page(admin_client, register_all(NOW)[0])
    card = text[text.index('<section id="card"') :].partition("</section>")[0]
    assert "<h3>pattern_outcome 2.0.0</h3>" in card
    assert "<h4>Limitations</h4>" in card
    assert "<strong>lift</strong>" in card
    assert card.count("<table>") == (models / "card.md").read_text().count("|---|\n")
    assert "|---" not in card
    assert "**" not in card
    assert "`" not in card


@pytest.mark.django_db
def test_a_card_with_a_script_a_long_one_and_none(models: Path, admin_client: Client) -> None:
    row: ModelVersion = add(models, "2.0.1")
    path = models.parent / "2.0.1" / "card.md"
    path.write_text("<script>alert(1)</script>")
    text = page(admin_client, row)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
    path.write_bytes(b"\xff" + b"long " * MOST_BYTES)
    assert "and more, which is not shown here" in page(admin_client, row)
    path.unlink()
    assert 'id="card"' not in page(admin_client, row)
