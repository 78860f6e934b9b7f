"""Webhooks: posts that a receiver can trust, after the Standard Webhooks specification."""

import base64
import binascii
import hashlib
import hmac
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

SECRET_PREFIX = "whsec_"  # noqa: S105 - how the specification marks a secret, not a secret
SECRET_BYTES = 32
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
MOST_SAID = 200
"""Characters kept of what went wrong."""


@dataclass(frozen=True)
class Sent:
    """What became of one try.

    Attributes:
        ok: It arrived.
        detail: The answer or the error, for people.
        final: Trying again is of no use.
    """

    ok: bool
    detail: str
    final: bool = False


def make_secret(random: bytes) -> str:
    """A signing secret from 32 random bytes, as receivers' libraries read it ("whsec_…")."""
    return SECRET_PREFIX + base64.b64encode(random).decode()


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """What proves that a post is ours and unchanged.

    Args:
        secret: As `make_secret` gives it; any other text is used as its own bytes.
        message_id: The post's name, the same for every try.
        at: When this try is made.
        body: Exactly what is posted.

    Source:
        standardwebhooks.com, "Signature scheme": HMAC-SHA256 over id, time and body.
    """
    signed = b".".join([message_id.encode(), str(int(at.timestamp())).encode(), body])
    return "v1," + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def body_of(event: str, at: datetime, payload: Mapping[str, Any]) -> bytes:
    """The post's body: what happened, when, and the particulars."""
    told = {"type": event, "timestamp": at.isoformat(), "data": payload}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


class Poster:
    """Posts to receivers, in `async with`. Redirects are not followed, and nothing of an answer's body is kept.

    Args:
        timeout: Of connecting, and of each reading and writing; how long all of it may take is the caller's to say.
    """

    def __init__(self, *, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._client = httpx.AsyncClient(
            verify=_trusted(),
            timeout=timeout,
            limits=httpx.Limits(max_connections=None),  # nobody waits for another's connection
            follow_redirects=False,
            headers={"user-agent": "understudy"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def post(self, url: str, secret: str, message_id: str, at: datetime, body: bytes) -> Sent:
        """Tries once; raises nothing but cancellation, which ends the connection."""
        if urlsplit(url).scheme not in {"http", "https"}:
            return Sent(ok=False, detail="The address is not one of http or https.", final=True)
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature(secret, message_id, at, body),
        }
        try:
            async with self._client.stream("POST", url, content=body, headers=headers) as answer:
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Sent(ok=False, detail=f"{type(error).__name__}: {error}"[:MOST_SAID])
        return Sent(ok=200 <= status < 300, detail=f"HTTP {status}", final=status == httpx.codes.GONE)


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that receivers' names are proven by; to read them takes longer than a post does."""
    return httpx.create_ssl_context()


def _key(secret: str) -> bytes:
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()
