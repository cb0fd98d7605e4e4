"""Opens the session of each request, renews its tokens when they end, and writes the cookie when it changed."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backbone.http.problems import Problem
from board.provider import Over, Provider
from board.sessions import Cookie, Session, Sessions

LEEWAY_SECONDS = 20
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UNWATCHED = ("/board/static/", "/healthz", "/readyz")


class Presence:
    """`request.state.session` is who asks, or None. `request.state.cookies` are what else is to be set.

    Whoever opens a page, asks for the session or changes something is there; what a page asks for by itself says
    nothing of anybody, so it does not put off the idle end.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions, provider: Provider, *, encrypted: bool) -> None:
        self._app = app
        self._sessions = sessions
        self._provider = provider
        self._encrypted = encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNWATCHED):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request.state.cookies = []
        before = self._sessions.of(request.cookies)
        try:
            now = await self._now(request, before)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        request.state.session = now

        async def present(message: Message) -> None:
            if message["type"] == "http.response.start":
                session = request.state.session
                cookies: Iterable[Cookie] = request.state.cookies
                if session != before:
                    cookies = [*self._sessions.written(session, request.cookies), *cookies]
                headers = MutableHeaders(scope=message)
                for cookie in cookies:
                    headers.append("set-cookie", cookie.header(encrypted=self._encrypted))
            await send(message)

        await self._app(scope, receive, present)

    async def _now(self, request: Request, session: Session | None) -> Session | None:
        if session is None:
            return None
        if not request.url.path.startswith("/api/") or request.method not in SAFE:
            session = self._sessions.attended(session)
        return await self.fresh(session)

    async def fresh(self, session: Session) -> Session | None:
        """With tokens that the services take. None when the provider gives no more. Raises Problem 503."""
        if session.tokens.expires - LEEWAY_SECONDS > self._sessions.now():
            return session
        try:
            staff, tokens = await self._provider.renewed(session.tokens)
        except Over:
            return None
        except Problem as problem:
            if session.tokens.expires > self._sessions.now():
                return session
            if problem.status == 401:
                return None
            raise
        if staff.id != session.staff.id:
            return None
        return Session(session.id, session.proof, staff, tokens, session.begun, session.seen)
