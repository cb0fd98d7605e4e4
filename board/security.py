"""What every answer tells the browser, and the proof that a change was meant by a page of ours."""

import hmac
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backbone.http.problems import Problem
from board.provider import Provider
from board.sessions import Session

PROOF = "x-huddle-csrf"
YEAR_SECONDS = 31_536_000


def policy(form_targets: Iterable[str]) -> str:
    """Nothing but our own: no inline script or style, no frame around us, forms to us and to the provider."""
    forms = " ".join(["'self'", *sorted(set(form_targets))])
    return (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; img-src 'self' data:; "
        f"form-action {forms}"
    )


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Guarded:
    """The headers of security on every answer. What says nothing of being kept is not kept."""

    def __init__(self, app: ASGIApp, provider: Provider, *, encrypted: bool) -> None:
        self._app = app
        self._provider = provider
        self._encrypted = encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._guard(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, guarded)

    def _guard(self, headers: MutableHeaders) -> None:
        known = self._provider.known
        ends = (known.authorization_endpoint, known.end_session_endpoint) if known else ()
        headers["content-security-policy"] = policy(origin(url) for url in ends if url)
        headers["x-frame-options"] = "DENY"
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "same-origin"
        headers["cross-origin-opener-policy"] = "same-origin"
        headers["cross-origin-resource-policy"] = "same-origin"
        headers["permissions-policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        headers.setdefault("cache-control", "no-store")
        if self._encrypted:
            headers["strict-transport-security"] = f"max-age={YEAR_SECONDS}"


def check_proof(session: Session, headers: Headers, shown: str | None = None) -> None:
    """The session's proof stands in a header, or in the form that a page of ours gave. Raises Problem 403."""
    proof = shown if shown is not None else headers.get(PROOF, "")
    if headers.get("sec-fetch-site", "same-origin") != "same-origin" or not hmac.compare_digest(
        proof.encode(), session.proof.encode()
    ):
        raise Problem(
            403,
            "not-proven",
            "Nothing was changed: this did not come from a page of yours. Load the page anew.",
        )


def signed_in(request: Request) -> Session:
    """Raises Problem 401."""
    session: Session | None = request.state.session
    if session is None:
        raise Problem(
            401, "signed-out", "You are not signed in, or not any more. Sign in again: nothing was changed."
        )
    return session


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a plain form."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
