"""A session for browser views (EventSource sends no header): the verified token in a cookie that no script reads."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backbone.http.identity import COOKIE, Caller, token_of


def session() -> APIRouter:
    """POST begins it with a bearer token, DELETE ends it. It lasts as long as the token at most."""
    router = APIRouter(prefix="/session", tags=["session"])

    @router.post("", status_code=204)
    async def begin(request: Request, caller: Caller) -> Response:
        """Put the bearer token of this request into the cookie."""
        answer = Response(status_code=204)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token_of(request), httponly=True, samesite="strict", secure=secure)
        return answer

    @router.delete("", status_code=204)
    async def end() -> Response:
        """Forget it."""
        answer = Response(status_code=204)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    return router
