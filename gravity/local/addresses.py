"""What a person can do next: the addresses of the running system and a request to paste."""

import json

from gravity.local.bootstrap import ADMIN
from gravity.local.environment import LocalSystem
from gravity.local.ports import LOOPBACK

EXAMPLE = {"symbols": ["AAPL"], "timeframe": "1d", "analyses": ["rsi", "macd"]}


def describe(system: LocalSystem) -> str:
    """Return the addresses, the credentials and a request that works when pasted."""
    key = system.key_file.read_text().strip()
    account = f"{ADMIN}, the password from the first start"
    if system.password_file.exists():
        password = system.password_file.read_text().strip()
        account = f"{ADMIN} / {password}   (kept in {system.password_file}; changed since: yours)"
    rows = (
        ("API", f"{system.api}/api/v1"),
        ("Documentation", f"{system.api}/docs"),
        ("Health", f"{system.api}/health"),
        ("Metrics", f"{system.api}/metrics"),
        ("Worker metrics", f"http://{LOOPBACK}:{system.ports.worker_metrics}/metrics"),
        ("Flower", system.flower),
        ("", system.flower_account.replace(":", " / ", 1)),
        ("Admin", f"{system.api}/admin/"),
        ("", account),
        ("API key", f"{key}   (kept in {system.key_file})"),
        ("Logs", str(system.data / "logs")),
    )
    table = "\n".join(f"  {name:<16}{text}" for name, text in rows)
    request = (
        f"  curl -s {system.api}/api/v1/jobs -H 'Authorization: Api-Key {key}' \\\n"
        f"    -H 'Content-Type: application/json' -d '{json.dumps(EXAMPLE)}'"
    )
    return f"{table}\n\nSubmit a job:\n\n{request}\n\nCtrl-C stops everything."
