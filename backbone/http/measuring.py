"""Counts and times requests by the route that answered, and tells of each as a span. A route is named as it is
declared, never as it was asked."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backbone.clock import epoch_nanoseconds, monotonic
from backbone.engine.engine import Engine
from backbone.model.wire import TRACE
from backbone.telemetry import TRACEPARENT, Metrics
from backbone.tracing import Span, kept

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
OTHER = "other"
"""Whatever a caller makes up is one label."""


class Measuring:
    """Around everything, so that the answer to a bug counts too. An open view is timed until it begins."""

    def __init__(self, app: ASGIApp, metrics: Metrics, engine: Engine) -> None:
        self._app = app
        self._metrics = metrics
        self._engine = engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, at = monotonic(), epoch_nanoseconds()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in METHODS else OTHER
                route = getattr(scope.get("route"), "path", OTHER)
                self._metrics.requests.labels(method, route, f"{message['status'] // 100}xx").inc()
                self._metrics.request_seconds.labels(method, route).observe(monotonic() - began)
                if self._engine.spans.on and kept(scope["state"]["traceparent"]):
                    span = request_span(scope, f"{method} {route}", message["status"], at)
                    self._engine.spans.tell([span])
            await send(message)

        await self._app(scope, receive, counted)


def request_span(scope: Scope, name: str, status: int, began: int) -> Span:
    """Until the answer begins."""
    state, sent = scope["state"], Headers(scope=scope).get(TRACE, "")
    parent = sent if TRACEPARENT.match(sent) else None
    said = {"http.response.status_code": status, "huddle.correlation_id": state["correlation_id"]}
    own = state["traceparent"]
    return Span(name, "server", own, parent, began, epoch_nanoseconds(), said, failed=status >= 500)
