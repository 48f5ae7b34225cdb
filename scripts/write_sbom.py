"""Write var/sbom.json (CycloneDX): what is in the image, each with version, licence and where there are some hashes.

The distributions are those of requirements/runtime.txt, their licences those of THIRD_PARTY_NOTICES. With `--root` also
the packages of the system, out of a folder that holds the image's files:

    docker export "$(docker create IMAGE)" |
        tar -x -C FOLDER var/lib/dpkg usr/share/doc usr/local/include etc usr/lib/os-release
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "var" / "sbom.json"
Component = dict[str, Any]


def licences() -> dict[str, str]:
    """Return each distribution's licence, as THIRD_PARTY_NOTICES names it."""
    listed = (ROOT / "THIRD_PARTY_NOTICES").read_text().partition("\nDistributions\n")[2]
    return dict(re.findall(r"^([a-z0-9-]+) {2,}(\S.*)$", listed, re.MULTILINE))


def distributions() -> dict[str, Any]:
    """Return the document of what is pinned for the image, with versions, hashes and licences."""
    command = [str(Path(sys.executable).with_name("cyclonedx-py")), "requirements"]
    command += [str(ROOT / "requirements" / "runtime.txt"), "--of", "JSON"]
    document: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    named = licences()
    for one in document["components"]:
        one["licenses"] = [{"license": {"name": named[one["name"]]}}]
    return document


def python(root: Path | None) -> Component:
    """Return the interpreter: as exactly as the image's files say it, else as the Dockerfile asks for it."""
    asked = re.search(r"^ARG BASE_IMAGE=python:([0-9.]+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    version = asked[1] if asked else "unknown"
    for header in root.glob("usr/local/include/python3.*/patchlevel.h") if root else ():
        version = re.findall(r'PY_VERSION\s+"([^"]+)"', header.read_text())[0]
    return _component("python", version, f"pkg:generic/python@{version}", "PSF-2.0")


def system(root: Path) -> Iterator[Component]:
    """Yield the packages of a Debian system, with the licences that their copyright files name."""
    release = re.search(r"^VERSION_CODENAME=(\w+)$", _text(root / "etc" / "os-release"), re.MULTILINE)
    for paragraph in (root / "var" / "lib" / "dpkg" / "status").read_text().split("\n\n"):
        fields = dict(re.findall(r"^(Package|Version|Status|Architecture): (.+)$", paragraph, re.MULTILINE))
        if fields.get("Status") == "install ok installed":
            name, version = fields["Package"], fields["Version"]
            suffix = f"&distro={release[1]}" if release else ""
            place = root / "usr" / "share" / "doc" / name / "copyright"
            found = sorted(set(re.findall(r"^License: *(\S+(?: (?:and|or|with) \S+)*)", _text(place), re.MULTILINE)))
            licence = ", ".join(found) or f"see {place.relative_to(root)}"
            yield _component(
                name, version, f"pkg:deb/debian/{name}@{version}?arch={fields['Architecture']}{suffix}", licence
            )


def _component(name: str, version: str, purl: str, licence: str) -> Component:
    named = {"name": name, "version": version, "purl": purl, "bom-ref": purl}
    return {"type": "library", **named, "licenses": [{"license": {"name": licence}}]}


def _text(path: Path) -> str:
    """Return a file's text, nothing where there is none; a link is followed inside of the folder alone."""
    return path.read_text(errors="replace") if path.is_file() else ""


def main() -> None:
    """Write the document and say how much is in it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, help="a folder with the image's files")
    parser.add_argument("--output", type=Path, default=TARGET)
    asked = parser.parse_args()
    document = distributions()
    of_system = list(system(asked.root)) if asked.root else []
    count = len(document["components"])
    document["components"] += [python(asked.root), *of_system]
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(json.dumps(document, indent=1) + "\n")
    rest = f"{len(of_system)} packages of the system" if of_system else "without the system's packages (IMAGE_ROOT)"
    sys.stdout.write(f"{asked.output}: {count} distributions, Python, {rest}\n")


if __name__ == "__main__":
    main()
