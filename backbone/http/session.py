"""A session for browser views (EventSource sends no header): the verified token in a cookie that no script reads."""

from fastapi import Request
from fastapi.responses import Response

from backbone.http.identity import COOKIE, Caller, token_of
from backbone.http.routes import delete, post
from backbone.model.service import Route


async def begin_session(request: Request, caller: Caller) -> Response:
    """Put the bearer token of this request into the cookie. It lasts as long as the token at most."""
    answer = Response(status_code=204)
    answer.set_cookie(
        COOKIE,
        token_of(request),
        httponly=True,
        samesite="strict",
        secure=request.app.state.encrypted,
    )
    return answer


async def end_session() -> Response:
    """Forget it."""
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


ROUTES: tuple[Route, ...] = (
    post("/session", begin_session, status=204),
    delete("/session", end_session, public=True),
)
