"""Install the pinned requirements into the virtual environment, once: a no-op while nothing has changed.

Runs under the system's Python with nothing but the standard library: `install.py <folder> runtime|dev`.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# The development packages stand on the runtime pins, so both must be what was installed.
FILES = {"runtime": ("runtime.txt",), "dev": ("runtime.txt", "dev.txt")}
MEGABYTES_NEEDED = {"runtime": 900, "dev": 1400}
STAMP = "gravity-installed.json"


def fingerprint(profile: str, requirements: Path) -> str:
    """Return one hash over everything that decides what gets installed."""
    content = b"".join((requirements / name).read_bytes() for name in FILES[profile])
    return hashlib.sha256(content).hexdigest()


def installed(venv: Path) -> dict[str, str]:
    """Return what a finished installation has noted: fingerprint by profile."""
    try:
        noted = json.loads((venv / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def up_to_date(venv: Path, profile: str, requirements: Path) -> bool:
    """Tell whether the environment already has this profile as the files say it."""
    return (venv / "bin" / "python").exists() and installed(venv).get(profile) == fingerprint(profile, requirements)


def note(venv: Path, profile: str, requirements: Path) -> None:
    """Note a finished installation; the development profile contains the other."""
    profiles = FILES if profile == "dev" else (profile,)
    (venv / STAMP).write_text(json.dumps({name: fingerprint(name, requirements) for name in profiles}))


def works(python: Path) -> bool:
    """Tell whether an environment's Python still runs; it breaks when the system's Python is replaced."""
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install(venv: Path, profile: str, requirements: Path) -> None:
    """Create the environment if need be and install the profile, every file checked against its hash."""
    existing = next(path for path in (venv, *venv.absolute().parents) if path.exists())
    needed = 0 if installed(venv) else MEGABYTES_NEEDED[profile]
    free = shutil.disk_usage(existing).free >> 20
    if free < needed:
        raise SystemExit(f"setup: {venv} needs {needed} MB of disk, {free} MB are free; make room and try again.")
    python = venv / "bin" / "python"
    if not works(python):
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
    # An interrupted installation leaves no stamp, so the next call does it again.
    (venv / STAMP).unlink(missing_ok=True)
    quietly = ("-qq", "--disable-pip-version-check", "--no-input")
    pinned = ("--require-hashes", "--requirement", str(requirements / f"{profile}.txt"))
    subprocess.run([str(python), "-m", "pip", "install", *quietly, "--no-compile", *pinned], check=True)
    # By as many processes as there are cores, as pip does not, and without the packages' tests, which nobody imports;
    # what cannot be compiled, such as templates of programs, is not of those either.
    bytecode = ("-m", "compileall", "-q", "-q", "-j", "0", "-x", r"/tests?/", str(venv / "lib"))
    subprocess.run([str(python), *bytecode], check=False)
    note(venv, profile, requirements)


def main(venv: Path, profile: str) -> None:
    """Bring the environment up to date and say so only when there was something to do."""
    requirements = ROOT / "requirements"
    if up_to_date(venv, profile, requirements):
        return
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"setup: installing requirements/{profile}.txt into {venv} with Python {version} (once) …", flush=True)
    began = time.monotonic()
    try:
        install(venv, profile, requirements)
    except subprocess.CalledProcessError as error:
        raise SystemExit(
            f"setup: the installation failed (exit code {error.returncode}); see the lines above."
        ) from None
    except KeyboardInterrupt:
        raise SystemExit("setup: interrupted; the next call starts again.") from None
    print("setup: compiling the numeric loops …", flush=True)
    # What is compiled lies beside the code; a place that cannot be written to costs every worker's start some seconds.
    try:
        subprocess.run([str(venv / "bin" / "python"), "-m", "analysis.precompile"], cwd=ROOT, check=False)
    except KeyboardInterrupt:
        raise SystemExit("setup: interrupted; the worker compiles the rest when it starts.") from None
    print(f"setup: done in {time.monotonic() - began:.0f} s.", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
