"""What docs/models.md and its pictures say of the models that ship: written from their cards, and by asking them.

Three requests are on the page, each under its heading: for a range, and for the newest pattern and the newest hammer of
a series that ships with the project that a model can speak of.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis import Bars, Plan, run
from analysis.events import Event
from analysis.timeframe import DAY_NS
from forecasts import answers
from market.demo_series import demo_bars
from ml.artifact import Model
from ml.card_page import placed
from ml.family import CANDLESTICKS, FAMILIES, PATTERNS
from ml.features import LATER_NS
from ml.predict import Asked, predict
from ml.reliability_plot import plot

ROOT = Path(__file__).resolve().parent.parent
PAGE, PICTURES = ROOT / "docs" / "models.md", ROOT / "docs" / "pictures"
PICTURE = {PATTERNS.kind: "reliability.svg", CANDLESTICKS.kind: "reliability_candlesticks.svg"}
SYMBOL = "SPX"
BEFORE, AFTER = "```console\n$ KEY=", "\n```\n"
RANGE, EVENT, CANDLESTICK = "\n## Ranges\n", "\n## Asking it\n", "\n## Candlesticks\n"
HAMMER = "hammer"
HORIZON = 5


def write_pages(model: Model) -> None:
    """Write the page and the picture of a model."""
    kind = model.card["kind"]
    text = placed(PAGE.read_text(), model.card)
    PAGE.write_text(with_candlestick(text, model) if kind == CANDLESTICKS.kind else with_examples(text, model))
    (PICTURES / PICTURE[kind]).write_text(plot(model.card))


def with_examples(text: str, model: Model) -> str:
    """Return the page with its requests and what the model answers to them."""
    bars, event, said = _newest(model, demo_bars(SYMBOL), PATTERNS.plans())
    forecast = _compact(answers.of_series(model, "", bars)).replace(f'"model_sha256":"{model.sha256}",', "…")
    of_event = f'"prediction":{_compact(said)}}}],"forecast":{forecast},…}}'
    ranges = answers.of_series(model, "", bars, [HORIZON])
    of_range = f'"forecast":{{"model":"{model.name}",…"expected_ranges":{_compact(ranges["expected_ranges"])}}},…}}'
    text = _placed(text, RANGE, _request([f"expected_range({HORIZON})"], bars), of_range)
    return _placed(text, EVENT, _request([event.name], bars), of_event)


def with_candlestick(text: str, model: Model) -> str:
    """Return the page with the request for a candlestick, and what its model answers to it."""
    bars, event, said = _newest(model, demo_bars(SYMBOL), [Plan.parse([HAMMER])])
    family = _compact(answers.of_family(model, "")).replace(f'"model_sha256":"{model.sha256}",', "…")
    answer = f'"prediction":{_compact(said)}}}],"forecast":{{…"candlesticks":{family}}},…}}'
    return _placed(text, CANDLESTICK, _request([event.name, CANDLESTICKS.name], bars), answer)


def _placed(text: str, heading: str, request: str, answer: str) -> str:
    """Return the page with the first request below a heading, and its answer."""
    above, found, below = text.partition(heading)
    before, mark, rest = below.partition(BEFORE)
    _, end, after = rest.partition(AFTER)
    if not found or not mark or not end:
        raise ValueError(f"The page has no place for a request below {heading.strip()!r}.")
    return f'{above}{heading}{before}```console\n{request}\n{{"symbol":"{SYMBOL}",…{answer}{end}{after}'


def _request(analyses: list[str], bars: Bars) -> str:
    end = (bars.time[-1] + DAY_NS).astype("datetime64[ns]").astype("datetime64[s]")
    body = json.dumps({"symbols": [SYMBOL], "analyses": analyses, "end": f"{end}Z"})
    headers = "-H \"Authorization: Api-Key $KEY\" -H 'Content-Type: application/json' -H 'Prefer: wait=30'"
    return f"$ KEY=$(cat var/api_key)\n$ curl -s localhost:8000/api/v1/ml/predict {headers} -d '{body}'"


def _newest(model: Model, bars: Bars, plans: Sequence[Plan]) -> tuple[Bars, Event, dict[str, Any]]:
    """Return the bars up to the event, the event, and what is said of it then."""
    family = FAMILIES[model.card["name"]]
    for event in sorted(run(plans[0], bars, now_ns=LATER_NS).events, key=lambda one: -one.bar):
        known = bars.slice(0, event.bar + 1)
        asked = [one for one in run(Plan.parse([event.name]), known, now_ns=LATER_NS).events if one.bar == event.bar]
        (told,) = predict([Asked(known, asked)], model, family=family)
        if len(asked) == 1 and told[0].odds is not None and told[0].reason is None and not told[0].in_sample:
            return known, event, answers.of_event(told[0], asked[0], family, known, model)
    raise ValueError(f"The model can speak of no event of {SYMBOL}.")


def _compact(said: Any) -> str:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False)
