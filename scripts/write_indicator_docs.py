"""Write docs/indicators from the registry, the certificates and the record of what entries were held against.

python scripts/write_indicator_docs.py            # from docs/indicators/oracles.json as it is
make indicator-docs                               # after running the oracle tests again, which write that record
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.catalog import registry
from analysis.catalog.entry import HELD, Entry, Output
from analysis.catalog.params import Param
from analysis.records.certificates import certificate as catalog_certificate

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "indicators"
RECORD = FOLDER / "oracles.json"
PEERS = ("talipp", "pandas-ta-classic", "Skender", "Lean")
SAME = 1e-6
Held = dict[str, list[dict[str, Any]]]


def record() -> Held:
    """Return what each entry was held against; nothing where no record has been written."""
    found: Held = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    return found


def pages(held: Held) -> dict[str, str]:
    """Return every page by its file name."""
    families: dict[str, list[Entry]] = {}
    for entry in registry.catalog():
        if entry.kind == "indicator":
            families.setdefault(entry.category, []).append(entry)
    made = {f"{family}.md": _family(family, entries, held) for family, entries in families.items()}
    return {"README.md": _index(families), "parity.md": _parity(families, held), **made}


def _index(families: dict[str, list[Entry]]) -> str:
    lines = [
        "# Indicators",
        "",
        "Written by `make indicator-docs` from the registry and from what the tests held each entry against.",
        "[parity.md](parity.md) sets them beside other libraries; [../analyses.md](../analyses.md) tells how to ask.",
        "`make pictures` draws them, with their defaults on series that ship with the project; what is of sessions on",
        "bars made by chance. [Patterns](../patterns/pictures.md) have a page of their own.",
        "",
        "| family | entries |",
        "|---|---|",
    ]
    for family, entries in families.items():
        names = " ".join(f"[{entry.name}]({family}.md#{entry.name})" for entry in entries)
        lines.append(f"| {family} ({len(entries)}) | {names} |")
    return "\n".join(lines) + "\n"


def _family(family: str, entries: list[Entry], held: Held) -> str:
    lines = [f"# {family.capitalize()}", ""]
    for entry in entries:
        lines += _entry(entry, held.get(entry.name, []))
    return "\n".join(lines).rstrip() + "\n"


def _entry(entry: Entry, held: list[dict[str, Any]]) -> list[str]:
    said = (entry.compute.__doc__ or "").strip().splitlines()[0].removeprefix("Return ")
    certificate = catalog_certificate(entry.name)
    proof = (
        f"{certificate['prefixes']} prefixes of {len(certificate['series'])} series"
        if certificate
        else "no certificate"
    )
    history = entry.history
    if entry.converged_after:
        history += f" after {entry.converged_after(entry.defaults())} bars"
    shown = entry.to_dict()
    rows = [
        ("parameters", "; ".join(_param(param) for param in entry.params) or "none"),
        ("aliases", ", ".join(entry.aliases)),
        ("inputs", ", ".join(entry.inputs)),
        ("outputs", "; ".join(_output(output) for output in entry.outputs)),
        ("warm-up", f"{entry.warmup(entry.defaults())} bars with the defaults"),
        ("history", history),
        ("unknown when", entry.undefined_when),
        ("source", entry.source),
        ("notes", shown["notes"] or ""),
        ("point in time", proof),
        ("held against", "; ".join(_held(one) for one in held) or "nothing independent yet"),
    ]
    table = [f"| {name} | {text.replace('|', '∣')} |" for name, text in rows if text]
    picture = f"![{entry.title}](pictures/{entry.name}.svg)"
    return [f'<a id="{entry.name}"></a>', "", f"## {entry.title}: `{entry.name}`", "", said[:1].upper() + said[1:], "",
            picture, "", "| | |", "|---|---|", *table, ""]  # fmt: skip


def _param(param: Param) -> str:
    bounds = "one of " + ", ".join(param.choices) if param.choices else f"{param.low} to {param.high}"
    return f"`{param.name}` = {param.default} ({bounds})"


def _output(output: Output) -> str:
    low, high = output.low, output.high
    reach = "" if low is None and high is None else f", {'' if low is None else low}…{'' if high is None else high}"
    still = f"flat {_still(output.constant_value)}, halted {_still(output.settled_value)}"
    return f"`{output.name}` ({output.unit}{reach}; {still})"


def _still(value: Any) -> str:
    if value is None:
        return "as the past has it"
    if value == HELD:
        return "held"
    return "unknown" if value != value else str(value)


def _held(one: dict[str, Any]) -> str:
    why = f" ({one['why']})" if one["why"] else ""
    return f"{one['source']} {one['largest']:.1e}{why}"


def _parity(families: dict[str, list[Entry]], held: Held) -> str:
    lines = [
        "# Beside other libraries",
        "",
        "The largest relative difference to each, on the same bars with the same parameters: `=` up to 1e-6, else the",
        "figure and its cause below; `·` not compared, for it lacks the study or means another one by the name.",
        "TA-Lib: the function that is the kernel here, so the same with these arguments.",
        "",
        f"| entry | TA-Lib | {' | '.join(PEERS)} | others |",
        f"|---|---|{'---|' * (len(PEERS) + 1)}",
    ]
    causes = []
    for entry in (one for entries in families.values() for one in entries):
        found = held.get(entry.name, [])
        kernels = ", ".join(dict.fromkeys(re.findall(r"TA-Lib(?: |'s )([A-Z][A-Z0-9_]+)", entry.source)))
        cells = [_cell([one for one in found if one["source"] == peer]) for peer in PEERS]
        others = ", ".join(dict.fromkeys(one["source"] for one in found if one["source"] not in PEERS))
        lines.append(f"| `{entry.name}` | {kernels or '·'} | {' | '.join(cells)} | {others or '·'} |")
        for one in found:
            if one["largest"] > SAME:
                causes.append(f"* `{entry.name}`, {one['source']} {one['largest']:.1e}: {one['why']}.")
    return "\n".join([*lines, "", "## Causes of differences above 1e-6", "", *dict.fromkeys(causes)]) + "\n"


def _cell(found: list[dict[str, Any]]) -> str:
    if not found:
        return "·"
    best = min(one["largest"] for one in found)
    return "=" if best <= SAME else f"{best:.1e}"


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages(record()).items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
