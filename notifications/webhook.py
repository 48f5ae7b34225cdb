"""One message, signed in the Standard Webhooks form and sent to one address, once."""

import json
import time
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import httpx2
from standardwebhooks import Webhook

from notifications.addresses import NotAllowed, refusal, resolved
from notifications.channels import Letter, Outcome
from notifications.signing_secrets import active_secrets

TIMEOUT = httpx2.Timeout(5.0, connect=3.0)


class WebhookAttempt:
    """One attempt to send a letter by webhook, with a connection of its own, so that it can be cut off."""

    def __init__(self, letter: Letter) -> None:
        self._letter = letter
        self._secrets = active_secrets(letter.owner_id, now=letter.now)
        self._client = httpx2.Client(trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0))

    def send(self) -> Outcome:
        """Send the letter and return what came of it."""
        return send(
            self._client,
            self._letter.address,
            message_id=self._letter.message_id,
            body=json.dumps(self._letter.body, separators=(",", ":")),
            secrets=self._secrets,
            now=self._letter.now,
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def send(
    client: httpx2.Client, url: str, *, message_id: str, body: str, secrets: Sequence[str], now: datetime
) -> Outcome:
    """Send the message and return what came of it. Redirects are not followed, and no answer's body is read."""
    began = time.monotonic()
    status, error = None, ""
    try:
        status = _post(client, url, signed(message_id, body, secrets, now), body)
        error = "" if 200 <= status < 300 else "redirect_not_followed" if 300 <= status < 400 else "refused"
    except NotAllowed:
        error = "address_not_allowed"
    except httpx2.TimeoutException:
        error = "timeout"
    except httpx2.ConnectError as fault:
        error = "certificate_invalid" if "CERTIFICATE" in str(fault).upper() else "unreachable"
    except (httpx2.HTTPError, RuntimeError, ValueError):
        error = "broken_answer"
    except OSError:
        error = "name_unknown"
    return Outcome(status, error, round(time.monotonic() - began, 3))


def signed(message_id: str, body: str, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Return the headers of the message, with a signature by every secret that is still good."""
    signatures = [Webhook(secret).sign(message_id, now, body) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": "gravity-technical-analysis",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _post(client: httpx2.Client, url: str, headers: dict[str, str], body: str) -> int:
    if refusal(url) is not None:
        raise NotAllowed("The settings no longer allow this URL.")
    parts = urlsplit(url)
    address, port = resolved(parts)
    host = f"[{address}]" if ":" in address else address
    target = f"{parts.scheme}://{host}:{port}{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    # To the checked address, in the name of the host: for the server, and for its certificate.
    request = client.build_request(
        "POST",
        target,
        content=body.encode(),
        headers={**headers, "host": parts.netloc},
        extensions={"sni_hostname": parts.hostname, "timeout": TIMEOUT.as_dict()},
    )
    answer = client.send(request, stream=True, follow_redirects=False)
    answer.close()
    return answer.status_code
