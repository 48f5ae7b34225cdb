"""The local system's command line: `python -m gravity.local run` and `python -m gravity.local demo`."""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from gravity.local.addresses import describe
from gravity.local.demo_job import Outcome, run_demo_job
from gravity.local.environment import LocalSystem, Ports, chosen_by_person
from gravity.local.errors import Fault, Stopped, explain
from gravity.local.ports import require_free
from gravity.local.restarts import Restarts
from gravity.local.startup import running, say, throwaway_folder
from gravity.local.supervisor import ROOT
from gravity.local.table import render

INTERRUPTED = 130


def run(data: Path, api_port: int, flower_port: int) -> int:
    """Start the system on its fixed ports, show the demo job, and stay up until the person ends it."""
    require_free(api_port, "the API", "API_PORT")
    require_free(flower_port, "Flower", "FLOWER_PORT")
    if api_port == flower_port:
        raise Fault(f"API_PORT and FLOWER_PORT are both {api_port}; give them different ports.")
    system = LocalSystem(data.absolute(), Ports.free(api_port, flower_port), chosen_by_person())
    try:
        with running(system) as supervisor:
            outcome = run_demo_job(supervisor, system)
            show(outcome)
            print(f"\n{describe(system)}", flush=True)
            supervisor.stay(Restarts(), say)
    except Stopped:
        say("\nStopped; the data stays in " + str(system.data))
    return 0


def demo() -> int:
    """Do the same in a temporary folder on free ports, once; its last line is one JSON object."""
    began = time.monotonic()
    with throwaway_folder("demo") as folder:
        system = LocalSystem(folder, Ports.free(), {})
        with running(system) as supervisor:
            outcome = run_demo_job(supervisor, system)
            show(outcome)
        say(f"Started, shown and stopped in {time.monotonic() - began:.1f} s")
        print(json.dumps(outcome.summary()), flush=True)
        if not outcome.succeeded:
            raise Fault(f"The demo job ended {outcome.job['state']}.")
    return 0


def show(outcome: Outcome) -> None:
    """Print the demo job's table, or what it failed with."""
    state = outcome.job["state"]
    print(f"\nDemo job {outcome.job['id']} {state} in {outcome.seconds:.2f} s\n", flush=True)
    if outcome.items:
        print(render(outcome.items), flush=True)
    if not outcome.succeeded:
        print(json.dumps(outcome.job, indent=2), file=sys.stderr)


def main() -> int:
    """Read the command line, do it, and tell every fault in plain words."""
    parser = argparse.ArgumentParser(prog="python -m gravity.local", description=__doc__)
    parser.add_argument("command", choices=("run", "demo"))
    command = parser.parse_args().command
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var")
    try:
        if command == "demo":
            return demo()
        return run(data, port("API_PORT", 8000), port("FLOWER_PORT", 5555))
    except Fault as fault:
        print(f"gravity: {fault}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"gravity: {explain(error, data)}", file=sys.stderr)
        return 1
    except (Stopped, KeyboardInterrupt):
        return INTERRUPTED


def port(variable: str, usual: int) -> int:
    """Return the port that an environment variable names, else the usual one."""
    text = os.environ.get(variable) or str(usual)
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65536:
        raise Fault(f"{variable}={text} is not a port.")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
