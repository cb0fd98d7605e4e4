"""Counts and times requests by the route that answered: the path as it is declared, never as it was asked."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backbone.clock import monotonic
from backbone.telemetry import Metrics

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
OTHER = "other"
"""Whatever a caller makes up is one label."""


class Measuring:
    """Around everything, so that the answer to a bug counts too. An open view is timed until it begins."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = monotonic()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope, message["status"], monotonic() - began)
            await send(message)

        await self._app(scope, receive, counted)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else OTHER
        route = getattr(scope.get("route"), "path", OTHER)
        self._metrics.requests.labels(method, route, f"{status // 100}xx").inc()
        self._metrics.request_seconds.labels(method, route).observe(seconds)
