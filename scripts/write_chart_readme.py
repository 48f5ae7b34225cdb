"""Write helm/technical-analysis/README.md's table of values from values.yaml and the comments beside them."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

CHART = Path(__file__).resolve().parents[1] / "helm" / "technical-analysis"
BEGIN, END = "<!-- values: made by `make chart-readme` -->", "<!-- end of values -->"


def rows(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, default and comment of every value; the comment of a whole block comes with no default."""
    comments = [found[1] if (found := re.search(r"(?:^|\s)# (.*)$", line)) else "" for line in text.splitlines()]

    def walk(node: yaml.MappingNode, above: str) -> Iterator[tuple[str, str, str]]:
        for key, value in node.value:
            path = above + key.value
            comment = comments[key.start_mark.line]
            whole = key.value == "resources" or above == "workers."  # one row each, however much is in it
            if isinstance(value, yaml.MappingNode) and not value.flow_style and value.value and not whole:
                if comment:
                    yield path, "", comment
                yield from walk(value, f"{path}.")
            else:
                default = yaml.SafeLoader("").construct_document(value)
                yield path, json.dumps(default), comment

    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)
    yield from walk(node, "")


def table(text: str) -> str:
    """Return the rows as Markdown."""
    lines = ["| value | default | meaning |", "|---|---|---|"]
    for path, default, comment in rows(text):
        shown = f"`{default}`" if default else ""
        lines.append(f"| `{path}` | {shown} | {comment} |".replace("|  |", "| |"))
    return "\n".join(lines)


def written() -> str:
    """Return the README with the table as it must be."""
    page = (CHART / "README.md").read_text()
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{table((CHART / 'values.yaml').read_text())}\n{END}{after}"


if __name__ == "__main__":
    (CHART / "README.md").write_text(written())
    sys.stdout.write(f"{CHART / 'README.md'}\n")
