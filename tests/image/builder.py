"""Build the image without a registry: buildah in a chroot, on Debian's own minimal system, with wheels of this machine.

The steps of the Dockerfile run as they stand there; only where the base and the packages come from is another.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.chart.tools import ROOT, find

RELEASE = "bookworm"
INSIDE = "/wheels"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PIP = f"[global]\nno-index = true\nfind-links = {INSIDE}\n"


class Builder:
    """buildah with a store of its own below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._driver = "overlay"

    def _buildah(self) -> list[str]:
        folder = self.folder / self._driver
        return ["buildah", "--storage-driver", self._driver, "--root", f"{folder}/root", "--runroot", f"{folder}/run"]

    def call(self, *arguments: str, seconds: int = 120) -> "subprocess.CompletedProcess[str]":
        """Run buildah and return what it said."""
        return subprocess.run([*self._buildah(), *arguments], cwd=ROOT, capture_output=True, text=True, timeout=seconds)

    def base(self, name: str) -> str:
        """Return the base image to build on: the Dockerfile's own where a registry answers, else one made here."""
        if self.call("from", "scratch").returncode:
            self._driver = "vfs"  # copies every layer, but asks nothing of the kernel
        if self.call("pull", "--quiet", name).returncode == 0:
            content = f"FROM {name}\n"
        else:
            content = (
                "FROM scratch\nCOPY system /\nENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
            )
            self._system()
        (self.folder / "pip.conf").write_text(PIP)
        (self.folder / "Base").write_text(f"{content}COPY pip.conf /etc/pip.conf\n")
        done = self.call("bud", "--quiet", "--tag", "base", "--file", str(self.folder / "Base"), str(self.folder))
        if done.returncode:
            pytest.skip(f"buildah cannot build here: {last(done.stderr)}")
        return "localhost/base"

    def _system(self) -> None:
        """Make a minimal Debian with a `python`, as the base image has one."""
        if find("debootstrap") is None:
            pytest.skip("no registry answers, and debootstrap is not installed: apt install debootstrap")
        include = "--include=python3,python3-venv,ca-certificates"
        command = ["debootstrap", "--variant=minbase", include, RELEASE, str(self.folder / "system")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode:
            pytest.skip(f"debootstrap cannot make a system here: {last(done.stdout)}")
        (self.folder / "system" / "usr" / "bin" / "python").symlink_to("python3")

    def version(self, image: str) -> str:
        """Return the version of the image's Python, or skip where nothing can be run in it."""
        done = self.run(self.start(image), "python", "-c", "import platform; print(platform.python_version())")
        if done.returncode:
            pytest.skip(f"nothing can run in a chroot here: {last(done.stderr)}")
        return done.stdout.strip()

    def wheels(self, version: str) -> Path:
        """Return a folder with the pinned packages for this version, fetched as this machine fetches packages."""
        pins, folder = self.folder / "pins.txt", self.folder / "wheels"
        # pip answers the conditions in a file of requirements for the Python it runs on, uv for the one it is told.
        linux = f"{platform.machine()}-manylinux_2_28"
        resolve = [
            "-m",
            "uv",
            "pip",
            "compile",
            "--quiet",
            "--no-deps",
            "--generate-hashes",
            "--python-platform",
            linux,
        ]
        checked(*resolve, "--python-version", version, "requirements/runtime.txt", "--output-file", str(pins))
        fetch = ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        short = version.rpartition(".")[0]
        checked(*fetch, "--python-version", short, "--requirement", str(pins), "--dest", str(folder))
        return folder

    def build(self, base: str, wheels: Path) -> "subprocess.CompletedProcess[str]":
        """Build the Dockerfile, every step of it."""
        arguments = ("--isolation", "chroot", "--format", "docker", "--volume", f"{wheels}:{INSIDE}:ro")
        return self.call("bud", *arguments, "--build-arg", f"BASE_IMAGE={base}", "--tag", "gravity", ".", seconds=1200)

    def start(self, image: str) -> str:
        """Return a new container of the image."""
        return self.call("from", image).stdout.strip()

    def run(self, container: str, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in a container, as its image says."""
        return self.call("run", "--isolation", "chroot", container, "--", *command)

    def config(self, image: str) -> dict[str, Any]:
        """Return how the image is to be started."""
        found: dict[str, Any] = json.loads(self.call("inspect", "--type", "image", image).stdout)["Docker"]["config"]
        return found


def checked(*arguments: str) -> None:
    """Run this Python with arguments; a failure fails."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def last(text: str) -> str:
    """Return the last line that says something."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no reason given")
