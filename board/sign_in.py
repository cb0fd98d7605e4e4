"""Signing in at the provider (Authorization Code with PKCE) and out. Each attempt has a cookie of its own: tabs don't
disturb each other, and an answer that nobody here asked for signs nobody in."""

import re
import secrets
from typing import NamedTuple

import msgspec
from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from backbone.http.problems import Problem
from board.pages import Pages, begins_elsewhere
from board.provider import Over, Provider
from board.sealing import Seal
from board.security import check_proof, form_of
from board.sessions import Cookie, Sessions

HOME = "/board"
OWN_PATH = re.compile(r"/board(/[\w.~-]+)*/?(\?[\w.~:@!$&'()*+,;=/?%-]*)?", re.ASCII)
ATTEMPT_SECONDS = 600
ATTEMPTS = "/board/sign-in"
"""The path of their cookies."""
UNKNOWN = 401


class Attempt(msgspec.Struct, frozen=True):
    """What one sign-in must come back with, and where it goes on."""

    state: str
    nonce: str
    verifier: str
    next: str
    until: int


class SigningIn(NamedTuple):
    """What the routes work with."""

    provider: Provider
    sessions: Sessions
    seal: Seal
    pages: Pages
    board_url: str


def own_path(wanted: str | None) -> str:
    """A page of the board; anything else is the first page."""
    return wanted if wanted and OWN_PATH.fullmatch(wanted) and "sign-" not in wanted else HOME


def cookie_of(state: str) -> str:
    return f"huddle_sign_in_{state[:16]}"


def door_of(request: Request) -> SigningIn:
    door: SigningIn = request.app.state.signing_in
    return door


async def sign_in(request: Request, next: str | None = None) -> Response:  # noqa: A002 (its name in addresses)
    """Off to the provider; who is signed in already goes on."""
    if request.state.session is not None:
        return RedirectResponse(own_path(next), 303)
    door = door_of(request)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    attempt = Attempt(state, nonce, verifier, own_path(next), door.sessions.now() + ATTEMPT_SECONDS)
    address = await door.provider.address(state, nonce, verifier)
    sealed = door.seal.close(msgspec.json.encode(attempt))
    request.state.cookies.append(Cookie(cookie_of(state), sealed, ATTEMPTS, "Lax", ATTEMPT_SECONDS))
    return RedirectResponse(address, 303)


async def come_back(request: Request, state: str = "", code: str = "") -> Response:
    """A new session, then a hop of our own: a browser that another site sent here shows no Strict cookie."""
    door = door_of(request)
    attempt = attempt_of(request, door, state)
    if attempt is None:
        return door.pages.told(400, "over", next=HOME)
    request.state.cookies.append(Cookie(cookie_of(state), path=ATTEMPTS, same_site="Lax"))
    try:
        staff, tokens = await door.provider.tokens(code, attempt.nonce, attempt.verifier)
    except Over:
        return door.pages.told(400, "over", next=attempt.next)
    except Problem as problem:
        if problem.status != UNKNOWN:
            raise
        return door.pages.told(403, "unknown", detail=str(problem), next=attempt.next)
    if staff.kind != "user":
        return door.pages.told(403, "unknown", next=attempt.next)
    if request.state.session is not None:
        door.sessions.forget(request.state.session)
    request.state.session = door.sessions.begin(staff, tokens)
    return door.pages.hop(attempt.next)


async def ask_to_sign_out(request: Request) -> Response:
    """A button, or that it is done."""
    pages = door_of(request).pages
    if request.state.session is None and begins_elsewhere(request):
        return pages.hop("/board/sign-out")
    return pages.signing_out(request.state.session)


async def sign_out(request: Request) -> Response:
    """Here, and at the provider where it can be asked: other processes hear it there, when they next renew tokens."""
    door, session = door_of(request), request.state.session
    back = f"{door.board_url}/board/sign-out"
    if session is None:
        return RedirectResponse(back, 303)
    check_proof(session, request.headers, (await form_of(request)).get("csrf"))
    door.sessions.forget(session)
    request.state.session = None
    await door.provider.revoke(session.tokens)
    return RedirectResponse(door.provider.sign_out_address(session.tokens.hint, back) or back, 303)


def attempt_of(request: Request, door: SigningIn, state: str) -> Attempt | None:
    """The attempt of this browser that the answer belongs to."""
    plain = door.seal.open(request.cookies.get(cookie_of(state), ""))
    attempt = msgspec.json.decode(plain, type=Attempt) if plain else None
    if attempt is None or not secrets.compare_digest(attempt.state.encode(), state.encode()):
        return None
    return attempt if attempt.until > door.sessions.now() else None
