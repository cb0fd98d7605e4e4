"""What a page may run and whom its forms may go to, and the proof that a change was meant by a page of ours."""

import hmac
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from starlette.datastructures import Headers

from backbone.http.problems import Problem
from board.provider import Provider
from board.sessions import Session

PROOF = "x-huddle-csrf"


def policy(form_targets: Iterable[str]) -> str:
    """Nothing but our own: no inline script or style, no frame around us, forms to us and to the provider."""
    forms = " ".join(["'self'", *sorted(set(form_targets))])
    return (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; img-src 'self' data:; "
        f"form-action {forms}"
    )


def policy_at(provider: Provider) -> str:
    """With the addresses that the provider is known to have now."""
    known = provider.known
    ends = (known.authorization_endpoint, known.end_session_endpoint) if known else ()
    return policy(origin(url) for url in ends if url)


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


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
