"""The outermost layer of an application: every answer carries the correlation id, a bug's too.

What a bug says about itself may hold what a patient said, so neither the answer nor the log repeats it.
"""

from collections.abc import Callable
from traceback import extract_tb

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backbone.http.problems import Problem
from backbone.ids import identifier, random_id
from backbone.model.wire import TRACE
from backbone.telemetry import log
from backbone.tracing import NoSpans, Spans, trace_of

CORRELATION = "x-correlation-id"
FRAMES = 3


class Correlation:
    """Names the request: `request.state.correlation_id`, in its answer too; `traceparent`, in its caller's trace."""

    def __init__(self, app: ASGIApp, spans: Callable[[], Spans] = NoSpans) -> None:
        """`spans`: who is told of what begins here."""
        self._app = app
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = Named(send, correlation_of(headers))
        state = scope.setdefault("state", {})
        state["correlation_id"] = answer.correlation_id
        state["traceparent"] = trace_of(headers.get(TRACE), self._spans().keeps)
        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            return
        except Exception as error:
            log.error("request failed", extra=place_of(error) | {"correlation_id": answer.correlation_id})
            if not answer.started:
                bug = Problem(500, "bug", "This is a mistake of ours; nothing was changed.")
                await bug.response()(scope, receive, answer)


class Named:
    """Sends an answer under its correlation id."""

    def __init__(self, send: Send, correlation_id: str) -> None:
        self._send = send
        self.correlation_id = correlation_id
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            MutableHeaders(scope=message)[CORRELATION] = self.correlation_id
        await self._send(message)


def correlation_of(headers: Headers) -> str:
    """The caller's, where it is a UUID, or a new one."""
    try:
        return identifier(headers.get(CORRELATION, "").lower())
    except ValueError:
        return random_id()


def place_of(error: Exception) -> dict[str, str]:
    """What kind of error, and where; never what it says."""
    frames = extract_tb(error.__traceback__)[-FRAMES:]
    at = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "at": " < ".join(reversed(at))}
