"""What every answer tells a browser, whatever it is an answer to."""

from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

YEAR_SECONDS = 31_536_000
SECURE: Mapping[str, str] = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""Data, and no page."""


class Secured:
    """`policy` is the Content-Security-Policy of a path. What says nothing of being kept is not kept."""

    def __init__(self, app: ASGIApp, policy: Callable[[str], str | None], *, encrypted: bool) -> None:
        self._app = app
        self._policy = policy
        strict = {"strict-transport-security": f"max-age={YEAR_SECONDS}"} if encrypted else {}
        self._always = {**SECURE, **strict}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._always)
                headers.setdefault("cache-control", "no-store")
                if (policy := self._policy(scope["path"])) is not None:
                    headers["content-security-policy"] = policy
            await send(message)

        await self._app(scope, receive, secured)
