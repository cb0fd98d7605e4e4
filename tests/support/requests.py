"""The requests that change something, as every service's OpenAPI document shows them."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from fastapi import FastAPI

from backbone.http.development import development
from backbone.http.routes import router_of
from backbone.model import Service
from schemas.documents import resolved
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


def bodies_of(service: Service) -> list[Body]:
    app = FastAPI()
    for router in (router_of(service.routes), development()):
        app.include_router(router)
    document = app.openapi()
    parts = document["components"]["schemas"]
    return [
        Body(service.name, method, path, resolved(operation["requestBody"]["content"][JSON]["schema"], parts))
        for path, operations_ in document["paths"].items()
        for method, operation in operations_.items()
        if "requestBody" in operation
    ]
