"""Run locust and k6 for n seconds each against a local system on free ports, and print their tables.

The processes are those of `make run`. The exit code is non-zero when a threshold of either is not kept.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gravity.local.environment import LocalSystem, Ports
from gravity.local.errors import Fault
from gravity.local.startup import running, throwaway_folder

LOAD = Path(__file__).resolve().parent.parent / "tests" / "load"


def commands(host: str, seconds: int, clients: int) -> list[list[str]]:
    """Return the two programs with their arguments."""
    programs = Path(sys.executable).parent
    locust = [str(programs / "locust"), "-f", str(LOAD / "locustfile.py"), "--headless", "--only-summary"]
    locust += ["--users", str(clients), "--spawn-rate", str(clients), "--run-time", f"{seconds}s", "--host", host]
    k6 = [str(programs / "k6"), "run", "--quiet", "--no-usage-report", str(LOAD / "k6-load-test.js")]
    return [locust, k6]


def main() -> int:
    """Run both and return the first failure's code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--clients", type=int, default=5)
    asked = parser.parse_args()
    # What is measured is the system, not the limits of one owner.
    os.environ |= {"REQUESTS_PER_MINUTE": "0", "OPEN_JOBS_PER_OWNER": "0", "LOG_LEVEL": "WARNING"}
    codes = []
    try:
        with throwaway_folder("load") as folder:
            system = LocalSystem(folder, Ports.free(), {})
            with running(system):
                key = system.key_file.read_text().strip()
                env = {**os.environ, "API_KEY": key, "HOST": system.api, "LOAD_SYMBOLS": "AAPL,MSFT"}
                env |= {"VUS": str(asked.clients), "DURATION": f"{asked.seconds}s"}
                for command in commands(system.api, asked.seconds, asked.clients):
                    print(f"\n{Path(command[0]).name}: {asked.clients} clients, {asked.seconds} s", flush=True)
                    done = subprocess.run(command, env=env, check=False, timeout=asked.seconds + 120)
                    codes.append(done.returncode)
    except Fault as fault:
        print(f"load: {fault}", file=sys.stderr)
        return 1
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main())
