"""The requests that change something, as every service's OpenAPI document shows them."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI

from backbone.http.development import development
from backbone.http.routes import router_of
from backbone.model import Service
from schemas.documents import resolved
from tests.contract.services import committed
from tests.support.services import ALL

JSON = "application/json"


class Body(NamedTuple):
    """`schema` has its parts where they are used."""

    service: str
    method: str
    path: str
    schema: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.service} {self.method.upper()} {self.path}"


@cache
def bodies() -> tuple[Body, ...]:
    """Every JSON body that some service takes, those of the runtime included."""
    return tuple(body for service in ALL for body in bodies_of(service))


@cache
def promised() -> tuple[Body, ...]:
    """As the committed documents have them, which `tests/contract` holds against the code; and what only development
    has."""
    documents = {**committed(), "development": document_of(development())}
    return tuple(body for name, document in documents.items() for body in bodies_in(name, document))


def bodies_of(service: Service) -> list[Body]:
    return bodies_in(service.name, document_of(router_of(service.routes), development()))


def document_of(*routers: APIRouter) -> dict[str, Any]:
    app = FastAPI()
    for router in routers:
        app.include_router(router)
    return app.openapi()


def bodies_in(service: str, document: Mapping[str, Any]) -> list[Body]:
    parts = document["components"]["schemas"]
    return [
        Body(service, method, path, resolved(content[JSON]["schema"], parts))
        for path, operations_ in document["paths"].items()
        for method, operation in operations_.items()
        if JSON in (content := operation.get("requestBody", {}).get("content", {}))
    ]
