"""How the catalogue's outputs are shown: every one is said, none twice, and nothing that is not there."""

import pytest

from analysis.catalog import catalog, get
from charts.presentation import BAND, LINES, OVERLAY, OWN, STYLES, presentation

INDICATORS = [entry for entry in catalog() if entry.outputs and entry.category != "candlesticks"]
OUTPUTS = {f"{entry.name}.{output.name}": entry for entry in INDICATORS for output in entry.outputs}


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_output_has_one_place(name: str) -> None:
    meant = {name, OUTPUTS[name].name}
    assert len(meant & OVERLAY) + len(meant & OWN) == 1
    assert sum(len(meant & members) for members in STYLES.values()) <= 1


def test_nothing_is_said_of_what_is_not_in_the_catalogue() -> None:
    known = {*OUTPUTS, *(entry.name for entry in INDICATORS)}
    assert OVERLAY | OWN | frozenset().union(*STYLES.values()) | LINES.keys() <= known


def test_a_band_has_two_edges_that_lie_over_the_price() -> None:
    edges: dict[str, int] = {}
    for name in BAND:
        edges[OUTPUTS[name].name] = edges.get(OUTPUTS[name].name, 0) + 1
    assert set(edges.values()) == {2}


def test_what_lies_over_the_price_is_in_its_unit() -> None:
    for entry in INDICATORS:
        for output in entry.outputs:
            if presentation(entry, output).pane == "overlay":
                assert output.unit in ("price", "source")


@pytest.mark.parametrize(
    ("entry", "output", "pane", "style"),
    [
        ("macd", "histogram", "own", "histogram"),
        ("macd", "signal", "own", "line"),
        ("atr", "value", "own", "line"),
        ("momentum", "value", "own", "line"),
        ("bollinger_bands", "upper", "overlay", "band"),
        ("bollinger_bands", "percent_b", "own", "line"),
        ("supertrend", "value", "overlay", "line"),
        ("supertrend", "direction", "own", "marker"),
        ("hammer", "value", "overlay", "marker"),
        ("fair_value_gap", "top", "overlay", "band"),
        ("fair_value_gap", "age", "own", "line"),
        ("williams_fractal", "is_high", "own", "marker"),
        ("heikin_ashi", "high", "own", "line"),
        ("renko", "close", "overlay", "band"),
    ],
)
def test_some_that_were_wrong(entry: str, output: str, pane: str, style: str) -> None:
    made = get(entry)
    one = next((one for one in made.outputs if one.name == output), made.outputs[0])
    assert presentation(made, one) == (pane, style)
