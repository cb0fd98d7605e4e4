"""From a service's table of routes to a router: who asks is known before a body is read, and no query is ignored."""

from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.responses import Response
from fastapi.routing import APIRoute

from backbone.http.access import with_records
from backbone.http.disclosure import disclosed
from backbone.http.identity import principal
from backbone.http.problems import Problem
from backbone.model.aggregate import Aggregate
from backbone.model.service import Route

PUBLIC = "x-public"
READS = "x-reads"
SHOWS = "x-shows"
Handle = Callable[[Request], Coroutine[Any, Any, Response]]


def get(
    path: str,
    handler: Callable[..., Any],
    answers: Any = None,
    *,
    public: bool = False,
    reads: str | None = None,
    kind: str | None = None,
) -> Route:
    return Route("GET", path, handler, answers, public=public, reads=reads, kind=kind)


def post(
    path: str,
    handler: Callable[..., Any],
    answers: Any = None,
    status: int = 200,
    *,
    public: bool = False,
    also: int | None = None,
    kind: str | None = None,
) -> Route:
    return Route("POST", path, handler, answers, status, public, also=also, kind=kind)


def patch(path: str, handler: Callable[..., Any], answers: Any = None) -> Route:
    return Route("PATCH", path, handler, answers)


def delete(path: str, handler: Callable[..., Any], status: int = 204, *, public: bool = False) -> Route:
    return Route("DELETE", path, handler, None, status, public)


class Guarded(APIRoute):
    """Asks who is calling and whether every query parameter is known, before anything else is read.

    What shows something of people runs as a disclosure.
    """

    def get_route_handler(self) -> Handle:
        handle = super().get_route_handler()
        known = frozenset(
            field.alias for field in get_flat_params(self.dependant) if isinstance(field.field_info, Query)
        )
        extra = self.openapi_extra or {}
        public, reads = bool(extra.get(PUBLIC)), extra.get(READS)

        async def guarded(request: Request) -> Response:
            if not public:
                request.state.caller = await with_records(request, await principal(request))
            refuse_nul(request)
            refuse_unknown(request, known)
            return await (disclosed(request, reads, handle) if reads else handle(request))

        return guarded


def refuse_nul(request: Request) -> None:
    """Raises Problem 400: no table takes the character, so nothing can have it in its id, key or name."""
    if any("\0" in text for text in (request.scope["path"], *request.query_params.values())):
        raise Problem(
            400, "nul-in-address", "The address has the character NUL (%00), which nothing here has."
        )


def refuse_unknown(request: Request, known: frozenset[str]) -> None:
    """Raises Problem 400: a filter that is passed over shows everybody to who asked for one."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        fields = [
            {"pointer": f"/{name}", "in": "query", "code": "unknown", "detail": "No such parameter."}
            for name in unknown[:20]
        ]
        offered = ", ".join(sorted(known)) or "none"
        raise Problem(400, "unknown-parameter", f"Query parameters here: {offered}.", errors=fields)


@cache
def router_of(routes: tuple[Route, ...], tag: str | None = None) -> APIRouter:
    """Made once: to work out what handlers take is slow.

    Raises TypeError when two handlers share a name: it is the operation's id.
    """
    router = APIRouter(route_class=Guarded)
    names: dict[str, Route] = {}
    for route in routes:
        name = route.handler.__name__
        if names.setdefault(name, route) is not route:
            raise TypeError(f"{route.method} {route.path}: another route is named {name} too")
        add(router, route, name, tag or route.path.split("/")[1])
    return router


def add(router: APIRouter, route: Route, name: str, tag: str) -> None:
    extra: dict[str, Any] = {PUBLIC: True} if route.public else {}
    extra |= {READS: route.reads} if route.reads else {}
    model = route.answers
    if isinstance(model, Aggregate):
        extra[SHOWS], model = model.kind, None
    more: dict[str, Any] = {"responses": {route.also: {"model": model}}} if route.also else {}
    if route.kind:
        more["response_class"] = type("Said", (Response,), {"media_type": route.kind})
    router.add_api_route(
        route.path,
        route.handler,
        methods=[route.method],
        response_model=model,
        status_code=route.status,
        operation_id=name,
        tags=[tag],
        openapi_extra=extra or None,
        **more,
    )
