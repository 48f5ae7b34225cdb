"""A supervised crew of trivial parts, run as a program so that it can be signalled and killed.

    python -m tests.gravity.local.crew <logs> <part> …

prints "up" once all parts have started, then stays until it is told to stop. A part named after a plus sign, as in
`+crash`, may be started again.
"""

import sys
from pathlib import Path

from gravity.local.errors import Fault, Stopped
from gravity.local.process_spec import ProcessSpec
from gravity.local.restarts import Restarts
from gravity.local.supervisor import Supervisor

# Each leaves its process id, and that of its child, in a file beside its log.
SCRIPTS = {
    "parent": "sleep 600 & echo $$ $! > {pids}; wait",
    "stubborn": "trap '' TERM; sleep 600 & echo $$ $! > {pids}; wait; wait; sleep 600",
    "store": "sleep 600 & echo $$ $! > {pids}; wait",
    "crash": "echo before the end; echo the reason >&2; sleep 600 & echo $$ $! > {pids}; sleep 0.2; exit 7",
    "once": "if [ -e {pids} ]; then echo $$ >> {pids}; exec sleep 600; fi; echo $$ > {pids}; exit 7",
    # Ends while the one above is about to be started again.
    "later": "if [ -e {pids} ]; then echo $$ >> {pids}; exec sleep 600; fi; echo $$ > {pids}; sleep 0.5; exit 7",
    "full": "echo 'OSError: [Errno 28] No space left on device' >&2; exit 1",
}


def main(logs: Path, names: list[str]) -> int:
    """Run the parts as the local system runs its own."""
    try:
        with Supervisor(logs) as supervisor:
            for name in (each.lstrip("+") for each in names):
                script = SCRIPTS[name].format(pids=logs / f"{name}.pids")
                supervisor.start(ProcessSpec(name, ("sh", "-c", script), store=name == "store"))
            print("up", flush=True)
            again = any(name.startswith("+") for name in names)
            supervisor.stay(Restarts() if again else None, lambda text: print(text, file=sys.stderr))
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    except Stopped:
        return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
