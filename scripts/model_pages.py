"""What docs/models.md and its picture say of the model that ships: written from its card, and by asking it.

The request on the page is of the newest event of a series that ships with the project that the model can speak of.
"""

import json
from pathlib import Path
from typing import Any

from analysis import Bars, Plan, run
from analysis.catalog.registry import ENTRIES
from analysis.events import Event
from analysis.timeframe import DAY_NS
from forecasts import answers
from market.demo_series import demo_bars
from ml.artifact import Model
from ml.card_page import placed
from ml.examples import pattern_plans
from ml.features import LATER_NS
from ml.predict import Asked, predict
from ml.reliability_plot import plot

ROOT = Path(__file__).resolve().parent.parent
PAGE, PICTURE = ROOT / "docs" / "models.md", ROOT / "docs" / "pictures" / "reliability.svg"
SYMBOL = "SPX"
BEFORE, AFTER = "```console\n$ KEY=", "\n```\n"


def write_pages(model: Model) -> None:
    """Write the page and the picture."""
    PICTURE.write_text(plot(model.card))
    PAGE.write_text(with_example(placed(PAGE.read_text(), model.card), model))


def with_example(text: str, model: Model) -> str:
    """Return the page with a request and what the model answers to it."""
    before, mark, rest = text.partition(BEFORE)
    _, end, after = rest.partition(AFTER)
    if not mark or not end:
        raise ValueError("The page has no place for a request.")
    return f"{before}```console\n{_example(model)}{end}{after}"


def _example(model: Model) -> str:
    bars, event, said, series = _newest(model, demo_bars(SYMBOL))
    end = (bars.time[-1] + DAY_NS).astype("datetime64[ns]").astype("datetime64[s]")
    request = json.dumps({"symbols": [SYMBOL], "analyses": [event.name], "end": f"{end}Z"})
    headers = "-H \"Authorization: Api-Key $KEY\" -H 'Content-Type: application/json' -H 'Prefer: wait=30'"
    forecast = _compact(series).replace(f'"model_sha256":"{model.sha256}",', "…")
    return (
        "$ KEY=$(cat var/api_key)\n"
        f"$ curl -s localhost:8000/api/v1/ml/predict {headers} -d '{request}'\n"
        f'{{"symbol":"{SYMBOL}",…"prediction":{_compact(said)}}}],"forecast":{forecast},…}}'
    )


def _newest(model: Model, bars: Bars) -> tuple[Bars, Event, dict[str, Any], dict[str, Any]]:
    """Return the bars up to the event, the event, and what is said of it and of the series then."""
    for event in sorted(run(pattern_plans()[0], bars, now_ns=LATER_NS).events, key=lambda one: -one.bar):
        known = bars.slice(0, event.bar + 1)
        asked = [one for one in run(Plan.parse([event.name]), known, now_ns=LATER_NS).events if one.bar == event.bar]
        (told,) = predict([Asked(known, asked)], model)
        if len(asked) == 1 and told[0].odds is not None and told[0].reason is None and not told[0].in_sample:
            family = ENTRIES[event.name].category
            return (
                known,
                event,
                answers.of_event(told[0], asked[0], family, known, model),
                answers.of_series(model, "", known),
            )
    raise ValueError(f"The model can speak of no event of {SYMBOL}.")


def _compact(said: dict[str, Any]) -> str:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False)
