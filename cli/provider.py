"""The development issuer as an OpenID provider: whoever opens its page picks who they are. Refused in production.

`python -m cli.provider KEYS PORT PUBLIC BOARD [HOST]`: the folder of the keys, the port, the address by which browsers
reach it, the board's address. Other processes may reach it by another address than browsers: what they ask for
(tokens, keys) is named by the address that they used.
"""

import asyncio
import hashlib
import os
import secrets
import sys
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import jwt
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from backbone.errors import Fatal
from backbone.http.doors import listening, serve
from board.security import form_of
from cli.issuer import Issuer
from cli.people import members, token_of
from config.staff import StaffMember

CLIENT = "huddle-board"
CODE_SECONDS, TOKEN_SECONDS, REFRESH_SECONDS = 60, 900, 24 * 3600
GRANT_TYPES = {"authorization_code": ("code", "code"), "refresh_token": ("refresh", "refresh_token")}
"""Kind of grant, and the field that it stands in."""
REFUSED = 400
STRANGER = "Not a request of the registered client."


class Registered(NamedTuple):
    """The one client, and the addresses to which it may be answered."""

    public: str
    redirect_uri: str
    signed_out_uri: str


class Asked(NamedTuple):
    """What a client sends a browser here with."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str

    def answers(self, **values: str) -> Response:
        return RedirectResponse(f"{self.redirect_uri}?{urlencode(values | {'state': self.state})}", 303)


class Grants:
    """Codes and refresh tokens: signed by the issuer for itself, each good once."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._used: set[str] = set()

    def give(self, kind: str, subject: str, seconds: int, **more: Any) -> str:
        return self._issuer.signed(
            {"aud": kind, "sub": subject, "jti": secrets.token_urlsafe(16), **more}, seconds=seconds
        )

    def take(self, kind: str, given: str) -> Mapping[str, Any] | None:
        """What was given; None for what is over, was used, or is not ours."""
        try:
            claims: Mapping[str, Any] = self._issuer.read(given, audience=kind)
        except jwt.PyJWTError:
            return None
        if claims["jti"] in self._used:
            return None
        self._used.add(claims["jti"])
        return claims


class Issuing(NamedTuple):
    """What the routes work with."""

    issuer: Issuer
    registered: Registered
    grants: Grants
    staff: Mapping[str, StaffMember]
    page: Template


def build(issuer: Issuer, registered: Registered, staff: Sequence[StaffMember]) -> FastAPI:
    """The provider's application."""
    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    ).get_template("authorize.html")
    app = FastAPI(openapi_url=None)
    app.state.issuing = Issuing(
        issuer, registered, Grants(issuer), {member.id: member for member in staff}, page
    )
    app.add_api_route("/.well-known/openid-configuration", discovery)
    app.add_api_route("/jwks.json", keys)
    app.add_api_route("/authorize", authorize)
    app.add_api_route("/authorize", chosen, methods=["POST"])
    app.add_api_route("/token", token, methods=["POST"])
    app.add_api_route("/revoke", revoke, methods=["POST"])
    app.add_api_route("/end-session", end_session)
    return app


def issuing(request: Request) -> Issuing:
    found: Issuing = request.app.state.issuing
    return found


async def discovery(request: Request) -> Response:
    """For whoever reached the provider by this address."""
    here = issuing(request)
    return JSONResponse(
        described(here.issuer.name, here.registered.public, str(request.base_url).rstrip("/"))
    )


async def keys(request: Request) -> Response:
    return Response(issuing(request).issuer.jwks.read_bytes(), media_type="application/json")


async def authorize(request: Request) -> Response:
    """The page on which one picks who one is."""
    here = issuing(request)
    if asked_of(request, here.registered) is None:
        return HTMLResponse(STRANGER, REFUSED)
    page = here.page.render(staff=here.staff.values(), asked=request.query_params)
    return HTMLResponse(page, headers={"cache-control": "no-store", "x-frame-options": "DENY"})


async def chosen(request: Request) -> Response:
    """One has picked who one is: back, with a code."""
    here = issuing(request)
    asked = asked_of(request, here.registered)
    if asked is None:
        return HTMLResponse(STRANGER, REFUSED)
    staff_id = (await form_of(request)).get("staff", "")
    if staff_id not in here.staff:
        return asked.answers(error="access_denied")
    return asked.answers(
        code=here.grants.give("code", staff_id, CODE_SECONDS, challenge=asked.challenge, asked=asked.nonce)
    )


async def token(request: Request) -> Response:
    """Tokens for a code whose verifier is shown (PKCE), or for a refresh token."""
    here, form = issuing(request), await form_of(request)
    kind, field = GRANT_TYPES.get(form.get("grant_type", ""), ("", ""))
    given = here.grants.take(kind, form.get(field, "")) if kind else None
    if given is None or not is_proven(kind, form, given, here.registered):
        return JSONResponse({"error": "invalid_grant"}, REFUSED)
    return tokens(here, here.staff[given["sub"]], given.get("asked"))


async def revoke(request: Request) -> Response:
    """A refresh token is used up; what is none is as good as revoked (RFC 7009)."""
    issuing(request).grants.take("refresh", (await form_of(request)).get("token", ""))
    return Response()


async def end_session(request: Request, post_logout_redirect_uri: str = "") -> Response:
    """There is nothing to end: one picks anew each time."""
    if post_logout_redirect_uri != issuing(request).registered.signed_out_uri:
        return HTMLResponse("Signed out.")
    return RedirectResponse(post_logout_redirect_uri, 303)


def described(issuer: str, public: str, reached: str) -> Mapping[str, Any]:
    """The discovery document, for whoever reached the provider by this address."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{public}/authorize",
        "end_session_endpoint": f"{public}/end-session",
        "token_endpoint": f"{reached}/token",
        "revocation_endpoint": f"{reached}/revoke",
        "jwks_uri": f"{reached}/jwks.json",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
    }


def asked_of(request: Request, registered: Registered) -> Asked | None:
    """None for what the registered client does not ask: its answer would go to a stranger, or to whoever overheard."""
    query = request.query_params
    asked = Asked(
        *(query.get(name, "") for name in ("client_id", "redirect_uri", "state", "nonce", "code_challenge"))
    )
    is_ours = asked.client_id == CLIENT and asked.redirect_uri == registered.redirect_uri
    is_code = query.get("response_type") == "code" and query.get("code_challenge_method") == "S256"
    return asked if is_ours and is_code and asked.challenge else None


def is_proven(kind: str, form: Mapping[str, str], given: Mapping[str, Any], registered: Registered) -> bool:
    """Who brings a code is who asked for it."""
    if kind != "code":
        return True
    is_same = form.get("redirect_uri") == registered.redirect_uri
    return is_same and challenge_of(form.get("code_verifier", "")) == given["challenge"]


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def tokens(here: Issuing, member: StaffMember, nonce: str | None) -> Response:
    """As a provider gives them; they last shortly, so that renewing them is nothing rare."""
    said = {"aud": CLIENT, "sub": member.id, "name": member.name} | ({"nonce": nonce} if nonce else {})
    return JSONResponse(
        {
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "access_token": token_of(here.issuer, member, TOKEN_SECONDS),
            "id_token": here.issuer.signed(said, seconds=TOKEN_SECONDS),
            "refresh_token": here.grants.give("refresh", member.id, REFRESH_SECONDS),
        },
        headers={"cache-control": "no-store"},
    )


def main() -> int:
    """Until it is ended."""
    if os.environ.get("HUDDLE_ENVIRONMENT", "development") == "production":
        sys.stderr.write("issuer: the development issuer is refused in production.\n")
        return 78
    keys, port, public, board, *host = sys.argv[1:]
    registered = Registered(public, f"{board}/board/sign-in/callback", f"{board}/board/sign-out")
    app = build(Issuer(Path(keys)), registered, members())
    try:
        asyncio.run(serve(app, listening(host[0] if host else "127.0.0.1", int(port))))
    except Fatal as error:
        sys.stderr.write(f"issuer: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
