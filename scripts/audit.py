"""Look the pinned packages up among known vulnerabilities; where no advisory source is reached, say what has changed.

    python -m scripts.audit PIP_AUDIT [--since REF]

Ends with 1 when a package has a known vulnerability, with 2 when a source knows only some of the packages, and with 0
otherwise. pip-audit alone would say "no known vulnerabilities" of packages that nobody could be asked about.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINNED = "requirements/runtime.txt"
SOURCES = ("pypi", "osv")
SECONDS = 300


def asked(pip_audit: str, source: str) -> list[dict[str, Any]] | None:
    """Return what pip-audit says of each package, or None if the source cannot be asked about any."""
    options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
    command = [pip_audit, "--requirement", str(ROOT / PINNED), "--vulnerability-service", source, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return packages if any("skip_reason" not in one for one in packages) else None


def verdict(packages: Sequence[Mapping[str, Any]]) -> tuple[int, list[str]]:
    """Return the exit code and the lines that tell what was found."""
    found = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no release'}"
        for one in packages
        for hole in one.get("vulns", ())
    ]
    unknown = [one["skip_reason"] for one in packages if "skip_reason" in one]
    count = len(packages) - len(unknown)
    return (1 if found else 2 if unknown else 0), [f"{count} packages looked up, {len(found)} found.", *found, *unknown]


def components(requirements: str) -> dict[str, str]:
    """Return name and version of every package that is pinned: the components of the SBOM."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\\n]+)", requirements, re.MULTILINE))


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return a line for every package that came, went or has another version."""
    lines = [f"+ {name} {now[name]}" for name in sorted(now.keys() - before.keys())]
    lines += [f"- {name} {before[name]}" for name in sorted(before.keys() - now.keys())]
    both = sorted(name for name in now.keys() & before.keys() if now[name] != before[name])
    return lines + [f"  {name} {before[name]} → {now[name]}" for name in both]


def main(arguments: Sequence[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Audit the pinned packages.")
    parser.add_argument("pip_audit")
    parser.add_argument("--since", default="HEAD~20", help="what the SBOM is compared with where nobody can be asked")
    given = parser.parse_args(arguments)
    for source in SOURCES:
        packages = asked(given.pip_audit, source)
        if packages is not None:
            code, lines = verdict(packages)
            print(f"{source}:", *lines, sep="\n")
            return code
    print(f"NOT AUDITED: no advisory source is reachable. What has changed in the SBOM since {given.since}:")
    show = ["git", "show", f"{given.since}:{PINNED}"]
    before = subprocess.run(show, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    print(*(changes(components(before), components((ROOT / PINNED).read_text())) or ["  nothing"]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
