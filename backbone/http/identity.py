"""Who asks: OIDC bearer tokens, verified against the issuer's keys by a library. Nothing of it comes from a body."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import jwt
import msgspec
from fastapi import Depends, Request

from backbone.head import Actor
from backbone.http.problems import Problem

COOKIE = "huddle_session"
ALGORITHMS = ["ES256", "RS256"]


class Principal(msgspec.Struct, frozen=True):
    """The verified caller. `kind` is user, referrer, patient or partner; `id` the staff, organisation or patient id."""

    kind: str
    id: str
    roles: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()
    name: str | None = None

    @property
    def actor(self) -> Actor:
        return Actor(self.kind, self.id, self.roles[0] if self.roles else None)

    @property
    def scope(self) -> str:
        """Idempotency keys of one principal never meet those of another."""
        return f"{self.kind}:{self.id}"


class Identity:
    """Verifies tokens. `jwks` is a URL or a file; keys are read again when an unknown one is named."""

    def __init__(self, issuer: str, audience: str, jwks: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._jwks = jwks
        self._remote = jwt.PyJWKClient(jwks) if jwks.startswith(("http://", "https://")) else None
        self._keys: dict[str | None, Any] = {}

    async def verify(self, token: str) -> Principal:
        """Raises Problem 401 with what is wrong."""
        try:
            key = await self._key(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["exp", "iat", "sub"]},
            )
        except (jwt.PyJWTError, OSError) as error:
            raise unauthenticated(f"The token is not accepted: {error}.") from None
        return principal_of(claims)

    async def _key(self, token: str) -> Any:
        if self._remote is not None:
            return (await asyncio.to_thread(self._remote.get_signing_key_from_jwt, token)).key
        named = jwt.get_unverified_header(token).get("kid")
        if named not in self._keys:
            keys = jwt.PyJWKSet.from_json(Path(self._jwks).read_text())
            self._keys = {key.key_id: key.key for key in keys.keys}
        if named not in self._keys:
            raise jwt.InvalidKeyError("its key is not among the issuer's")
        return self._keys[named]


def unauthenticated(detail: str) -> Problem:
    return Problem(401, "unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def principal_of(claims: dict[str, Any]) -> Principal:
    """Claims: `kind`, `roles`, `disciplines`, `name`. Raises Problem 401 when the kind is unknown."""
    kind = claims.get("kind", "user")
    if kind not in ("user", "referrer", "patient", "partner"):
        raise unauthenticated(f"The token's kind {kind!r} is not known.")
    roles, disciplines = claims.get("roles", ()), claims.get("disciplines", ())
    return Principal(kind, str(claims["sub"]), tuple(roles), tuple(disciplines), claims.get("name"))


async def principal(request: Request) -> Principal:
    """The caller. Raises Problem 401."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = request.cookies.get(COOKIE, "")
    if not token:
        raise unauthenticated("Send `Authorization: Bearer <token>`. In development: `huddle token <staff>`.")
    identity: Identity = request.app.state.identity
    return await identity.verify(token)


Caller = Annotated[Principal, Depends(principal)]


def requires(*roles: str) -> Callable[[Principal], Principal]:
    """A dependency that lets only staff with one of the roles pass."""

    def check(caller: Caller) -> Principal:
        if caller.kind != "user" or not set(roles) & set(caller.roles):
            raise Problem(403, "not-permitted", f"This needs the role {' or '.join(roles)}.")
        return caller

    return check
