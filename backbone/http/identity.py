"""Who asks: OIDC bearer tokens, verified against the issuer's keys by a library. Nothing of it comes from a body."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import jwt
import msgspec
from fastapi import Depends, Request

from backbone.http.problems import Problem
from backbone.ids import identifier
from backbone.model.head import Actor, Rights
from backbone.settings import Process
from config.staff import StaffMember
from config.subjects import load_subjects

COOKIE = "huddle_session"
ALGORITHMS = ["ES256", "RS256"]
LEEWAY_SECONDS = 60
"""By so much the issuer's clock and ours may differ."""
CLAIMS = ("kind", "roles", "disciplines", "name", "source_system")
PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*\Z"
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=PRINTABLE)]
"""What a claim may say: any issuer's group names, and what every journal, header and log takes."""
Words = Annotated[tuple[Word, ...], msgspec.Meta(max_length=200)]


class Principal(msgspec.Struct, frozen=True):
    """The verified caller. `kind` is user, referrer, patient or partner; `id` the staff, organisation or patient id.

    `source_system` is whose partner it is: the system that the referrals come from which it may follow.
    `others` is no claim: other records that are this patient's, as far as the service knows now.
    """

    kind: Literal["user", "referrer", "patient", "partner"]
    id: str
    roles: Words = ()
    disciplines: Words = ()
    name: Word | None = None
    source_system: Word | None = None
    others: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[str, ...]:
        """Every id of the patient, the token's first."""
        return (self.id, *self.others)

    @property
    def actor(self) -> Actor:
        return Actor(self.kind, self.id, self.roles[0] if self.roles else None)

    @property
    def rights(self) -> Rights:
        return Rights(self.roles, self.disciplines)

    @property
    def scope(self) -> str:
        """Idempotency keys of one principal never meet those of another."""
        return f"{self.kind}:{self.id}"


class Identity:
    """Verifies tokens. `jwks` is a URL, asked again for unknown keys, or a file, read again when it changes.

    With `subjects`, who somebody is and what they may is read from the staff directory, by the value of `claim`; what
    the token says of roles is nothing then.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        jwks: str,
        subjects: Mapping[str, StaffMember] | None = None,
        claim: str = "sub",
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._jwks = jwks
        self._subjects = subjects
        self._claim = claim
        is_remote = jwks.startswith(("http://", "https://"))
        self._remote = jwt.PyJWKClient(jwks, ssl_context=trusted) if is_remote else None
        self._keys: dict[str | None, Any] = {}
        self._written = -1

    async def verify(self, token: str) -> Principal:
        """Raises Problem 401 with what is wrong, 503 when the issuer's keys can't be read."""
        claims = await self.claims(token, self._audience)
        if self._subjects is None:
            return principal_of(claims)
        return member_of(claims, self._claim, self._subjects)

    async def claims(self, token: str, audience: str) -> dict[str, Any]:
        """What the issuer says in it, to this audience. Raises Problem 401, 503."""
        try:
            key = await self._key(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=audience,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub"]},
            )
        except (jwt.PyJWKClientConnectionError, OSError):
            raise Problem(
                503, "issuer-away", "The issuer's keys can't be read now.", headers={"Retry-After": "5"}
            ) from None
        except jwt.ImmatureSignatureError as error:
            raise unauthenticated(
                f"The token is not accepted: {error}. The issuer's clock is ahead of this service's: set both right."
            ) from None
        except (jwt.PyJWTError, ValueError, TypeError) as error:  # a key of another kind is a TypeError
            raise unauthenticated(f"The token is not accepted: {error}.") from None
        return claims

    async def _key(self, token: str) -> Any:
        if self._remote is not None:
            return (await asyncio.to_thread(self._remote.get_signing_key_from_jwt, token)).key
        named = jwt.get_unverified_header(token).get("kid")
        self._read_file()
        if named not in self._keys:
            raise jwt.InvalidKeyError("its key is not among the issuer's")
        return self._keys[named]

    def _read_file(self) -> None:
        file = Path(self._jwks)
        written = file.stat().st_mtime_ns
        if written != self._written:
            keys = jwt.PyJWKSet.from_json(file.read_text())
            self._keys, self._written = {key.key_id: key.key for key in keys.keys}, written


def unauthenticated(detail: str) -> Problem:
    return Problem(401, "unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def principal_of(claims: dict[str, Any]) -> Principal:
    """Claims: `sub` (an id of ours), `kind` (who does not say is nobody), `roles`, `disciplines`, `name`,
    `source_system`.

    Raises Problem 401 when one of them is not as it should be.
    """
    named = {name: claims[name] for name in CLAIMS if name in claims}
    try:
        subject = identifier(str(claims["sub"]).lower())
    except ValueError:
        raise unauthenticated(
            "The token's `sub` is no UUID: let the issuer send the staff, organisation or patient id."
        ) from None
    try:
        return msgspec.convert(named | {"id": subject}, Principal)
    except msgspec.ValidationError as error:
        raise unauthenticated(f"The token's claims are not understood: {error}.") from None


def member_of(claims: Mapping[str, Any], claim: str, subjects: Mapping[str, StaffMember]) -> Principal:
    """The member of staff that the claim names. An address counts once the issuer has verified it.

    Raises Problem 401 for whoever is not among them: an issuer knows more people than work here.
    """
    named = str(claims.get(claim, ""))
    member = subjects.get(named)
    if member is None or (claim == "email" and claims.get("email_verified") is not True):
        raise unauthenticated("The issuer knows you, but the staff directory names nobody by it.")
    return Principal("user", member.id, member.roles, member.disciplines, member.name)


def identity_of(settings: Process) -> Identity:
    """By the process's settings. Raises ConfigurationError."""
    subjects = load_subjects(settings.config_dir, settings.oidc_staff) if settings.oidc_staff else None
    return Identity(
        settings.oidc_issuer,
        settings.oidc_audience,
        settings.oidc_jwks,
        subjects,
        settings.oidc_staff_claim,
        settings.oidc_context,
    )


def token_of(request: Request) -> str:
    """From the header; without one, from the session cookie. Empty when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")


async def principal(request: Request) -> Principal:
    """The caller, asked for once a request. Raises Problem 401."""
    known: Principal | None = getattr(request.state, "caller", None)
    if known is not None:
        return known
    token = token_of(request)
    if not token:
        raise unauthenticated("Send `Authorization: Bearer <token>`. In development: `huddle token <staff>`.")
    identity: Identity = request.app.state.identity
    return await identity.verify(token)


Caller = Annotated[Principal, Depends(principal)]


def requires(*roles: str) -> Callable[[Principal], Awaitable[Principal]]:
    """A dependency that lets only staff with one of the roles pass."""

    async def check(caller: Caller) -> Principal:
        if caller.kind != "user" or not set(roles) & set(caller.roles):
            raise Problem(403, "not-permitted", f"This needs the role {' or '.join(roles)}.")
        return caller

    return check
