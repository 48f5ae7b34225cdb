"""Every entry of the catalogue has a picture: of its name, small, in step with what is drawn, and linked."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from analysis.catalog import registry
from analysis.catalog.entry import Entry
from scripts.entry_pictures import indicators, page
from scripts.entry_pictures.__main__ import FOLDERS, PAGE, file_of, picture
from scripts.entry_pictures.examples import example

ENTRIES = registry.catalog()
STALE = "Run `make pictures`, look at them, and commit docs."
LARGEST, ALL = 17_000, 2_600_000  # bytes
# One of each sort: over the price, in panes, in a lane, levels, against a benchmark, by session, on bars that are
# drawn, where it really was, with an oscillator, with volume.
SOME = (
    *("bollinger_bands", "rsi", "momentum", "supertrend", "pivots_classic", "beta", "vwap_bands", "heikin_ashi"),
    *("gartley", "kicking", "high_tight_flag", "triple_bottom", "hammer", "double_bottom", "fair_value_gap"),
    *("regular_bullish_divergence", "wyckoff_selling_climax"),
)


def words(entry: Entry) -> str:
    root = ElementTree.parse(file_of(entry)).getroot()
    return " | ".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))


def test_every_entry_has_a_picture_and_nothing_else_has() -> None:
    drawn = {path for folder in FOLDERS.values() for path in folder.iterdir()}
    assert drawn == {file_of(entry) for entry in ENTRIES}, STALE


@pytest.mark.parametrize("name", SOME)
def test_pictures_are_in_step(name: str) -> None:
    entry = registry.get(name)
    assert picture(entry) == file_of(entry).read_text(), STALE


def test_pictures_are_small() -> None:
    sizes = {entry.name: file_of(entry).stat().st_size for entry in ENTRIES}
    assert max(sizes.values()) <= LARGEST
    assert sum(sizes.values()) <= ALL


def test_every_picture_says_the_name_of_its_entry_and_leaves_no_label_out() -> None:
    for entry in ENTRIES:
        said = words(entry)
        name = entry.name if entry.kind == "indicator" else entry.name.replace("_", " ")
        assert name in said, entry.name
        assert "left out" not in said, entry.name


def test_every_pattern_page_and_family_page_shows_them() -> None:
    assert PAGE.read_text() == page.page(), STALE
    for entry in ENTRIES:
        text = PAGE.read_text() if entry.kind == "pattern" else _family(entry).read_text()
        assert f"](pictures/{entry.name}.svg)" in text, entry.name


@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES if entry.kind == "indicator"])
def test_every_output_of_an_indicator_is_drawn(name: str) -> None:
    chart = indicators.chart(name)
    studies = [*chart.overlays, *(study for pane in chart.panes for study in pane.studies)]
    keys = [curve.key for study in studies for curve in study.curves] + [lane.name for lane in chart.lanes]
    assert len(keys) == len(registry.get(name).outputs)
    for study in studies:
        for curve in study.curves:
            assert (curve.values == curve.values).any(), f"{curve.key} is unknown on all of these bars"


def test_what_is_drawn_for_a_pattern_is_what_its_detector_finds() -> None:
    bars, event = example("concealing_baby_swallow")
    assert (bars.symbol, event.name, event.side) == ("drawn", "concealing_baby_swallow", "bullish")
    with pytest.raises(KeyError):
        example("no_such_pattern")


def _family(entry: Entry) -> Path:
    return FOLDERS["indicator"].parent / f"{entry.category}.md"
