"""docs/glossary.md: few terms, in order, a line each."""

from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
MOST_TERMS = 64


def test_the_glossary_is_short_and_in_order() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ") and not line.startswith("| term")]
    terms = [row.split("|")[1].strip() for row in rows]
    assert len(terms) <= MOST_TERMS
    assert terms == sorted(terms, key=str.lower)
    assert len(set(terms)) == len(terms)
    assert all(row.split("|")[2].strip() for row in rows)
