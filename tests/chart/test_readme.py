"""The chart's README: its table of values is values.yaml's, and every value has its meaning."""

from scripts.write_chart_readme import CHART, rows, written


def test_the_table_is_in_step() -> None:
    assert (CHART / "README.md").read_text() == written(), "run `make chart-readme`"


def test_every_value_has_its_meaning() -> None:
    assert [path for path, _, comment in rows((CHART / "values.yaml").read_text()) if not comment] == []
