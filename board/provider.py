"""The OpenID provider: discovery, where to send a browser, tokens for a code, new tokens for a refresh token.

Authlib speaks the protocol; the tokens are verified as the services verify them.
"""

import asyncio
import ssl
import warnings
from contextlib import suppress
from typing import Any

import httpx
import jwt
import msgspec
from joserfc.errors import JoseError

from backbone.clock import monotonic
from backbone.http.identity import Identity, Principal
from backbone.http.problems import Problem
from board.sessions import Tokens
from board.settings import BoardSettings

with warnings.catch_warnings():  # Authlib prefers httpx2, which is another package than all of Huddle uses
    warnings.simplefilter("ignore")
    import authlib.deprecate

    warnings.simplefilter("ignore", authlib.deprecate.AuthlibDeprecationWarning)
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.httpx_client import AsyncOAuth2Client
    from authlib.oidc.core import CodeIDToken

SECONDS = 10.0
KNOWN_SECONDS = 3600.0


class Metadata(msgspec.Struct, frozen=True):
    """What is needed of the discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str | None = None
    revocation_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = msgspec.field(
        default_factory=lambda: ["client_secret_basic"]
    )


class Over(Exception):
    """The provider gives this person no tokens, or no longer."""


class Provider:
    """One provider. Its document is read when it is first needed, and again after an hour."""

    def __init__(self, settings: BoardSettings, identity: Identity, trusted: ssl.SSLContext) -> None:
        self._settings = settings
        self._identity = identity
        self._trusted = trusted
        self._known: tuple[float, Metadata] | None = None
        self._refreshing: dict[str, asyncio.Task[tuple[Principal, Tokens]]] = {}
        self.redirect_uri = f"{settings.board_url}/board/sign-in/callback"

    @property
    def known(self) -> Metadata | None:
        """Without asking."""
        return self._known[1] if self._known else None

    async def metadata(self) -> Metadata:
        """Raises Problem 503 when it can't be read."""
        if self._known and monotonic() - self._known[0] < KNOWN_SECONDS:
            return self._known[1]
        try:
            async with httpx.AsyncClient(timeout=SECONDS, trust_env=False, verify=self._trusted) as client:
                answer = (await client.get(self._settings.metadata_url)).raise_for_status()
            read = msgspec.json.decode(answer.content, type=Metadata)
        except (httpx.HTTPError, msgspec.DecodeError):
            if self._known:
                return self._known[1]
            raise away() from None
        if read.issuer != self._settings.oidc_issuer:
            raise Problem(
                503, "issuer-away", "The provider calls itself otherwise than HUDDLE_OIDC_ISSUER does."
            )
        self._known = monotonic(), read
        return read

    def _client(self, metadata: Metadata) -> Any:
        asked = self._settings.oidc_client_secret or None
        basic = "client_secret_basic" in metadata.token_endpoint_auth_methods_supported
        return AsyncOAuth2Client(
            self._settings.oidc_client_id,
            asked,
            token_endpoint_auth_method=("client_secret_basic" if basic else "client_secret_post")
            if asked
            else "none",
            scope=self._settings.oidc_scope,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=SECONDS,
            trust_env=False,
            verify=self._trusted,
        )

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser signs in."""
        metadata = await self.metadata()
        async with self._client(metadata) as client:
            url, _ = client.create_authorization_url(
                metadata.authorization_endpoint, state=state, code_verifier=verifier, nonce=nonce
            )
        return str(url)

    async def tokens(self, code: str, nonce: str, verifier: str) -> tuple[Principal, Tokens]:
        """For a code that came back. Raises Over, Problem."""
        given = await self._given(
            "fetch_token", code=code, code_verifier=verifier, grant_type="authorization_code"
        )
        said = await self._identity.claims(str(given.get("id_token", "")), self._settings.oidc_client_id)
        params = {
            "nonce": nonce,
            "client_id": self._settings.oidc_client_id,
            "access_token": given.get("access_token"),
        }
        header = jwt.get_unverified_header(given["id_token"])
        try:
            CodeIDToken(said, header, {}, params).validate()
        except JoseError:
            raise Over from None
        return await self._verified(given, None)

    async def renewed(self, tokens: Tokens) -> tuple[Principal, Tokens]:
        """New ones; tabs that ask at the same time get the same. Raises Over, Problem."""
        if tokens.refresh is None:
            raise Over
        task = self._refreshing.get(tokens.refresh)
        if task is None:
            task = self._refreshing[tokens.refresh] = asyncio.ensure_future(self._renew(tokens))
            asyncio.get_running_loop().call_later(SECONDS * 3, self._refreshing.pop, tokens.refresh, None)
        return await asyncio.shield(task)

    async def _renew(self, tokens: Tokens) -> tuple[Principal, Tokens]:
        return await self._verified(await self._given("refresh_token", refresh_token=tokens.refresh), tokens)

    async def _given(self, ask: str, **values: Any) -> dict[str, Any]:
        metadata = await self.metadata()
        try:
            async with self._client(metadata) as client:
                return dict(await getattr(client, ask)(metadata.token_endpoint, **values))
        except OAuthError:
            raise Over from None
        except (httpx.HTTPError, ValueError):
            raise away() from None

    async def _verified(self, given: dict[str, Any], before: Tokens | None) -> tuple[Principal, Tokens]:
        """As the services will see them: whom they would refuse is not signed in."""
        bearer = str(given.get(self._settings.oidc_token) or (before.bearer if before else ""))
        caller = await self._identity.verify(bearer)
        expires = int(jwt.decode(bearer, options={"verify_signature": False})["exp"])
        refresh = given.get("refresh_token") or (before.refresh if before else None)
        hint = given.get("id_token") or (before.hint if before else None)
        return caller, Tokens(bearer, expires, refresh, hint if self._can_end() else None)

    async def revoke(self, tokens: Tokens) -> None:
        """No new tokens for this session any more, in whatever process it is asked (RFC 7009). Where the provider can't
        or does not answer, the session's end at the provider is left to do it."""
        with suppress(Problem, OAuthError, httpx.HTTPError):
            metadata = await self.metadata()
            if tokens.refresh is None or metadata.revocation_endpoint is None:
                return
            async with self._client(metadata) as client:
                await client.revoke_token(metadata.revocation_endpoint, tokens.refresh, "refresh_token")

    def _can_end(self) -> bool:
        return bool(self.known and self.known.end_session_endpoint)

    def sign_out_address(self, hint: str | None, back: str) -> str | None:
        """Where the provider's own session ends, if it has such a place."""
        if self.known is None or self.known.end_session_endpoint is None:
            return None
        values = {"client_id": self._settings.oidc_client_id, "post_logout_redirect_uri": back}
        values |= {"id_token_hint": hint} if hint else {}
        return str(httpx.URL(self.known.end_session_endpoint).copy_merge_params(values))


def away() -> Problem:
    return Problem(
        503,
        "issuer-away",
        "Nobody can be signed in now: the provider does not answer.",
        headers={"Retry-After": "5"},
    )
