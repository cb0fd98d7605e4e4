"""The OpenAPI page: what all services say of themselves alike. No behaviour."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from backbone.http.calls import version_needed
from backbone.http.contract import explain, problem_responses, promise
from backbone.http.resources import UnverifiedDocument
from backbone.http.routes import PUBLIC, READS, SHOWS
from backbone.model.aggregate import Aggregate, union_of
from backbone.model.decision import BY_RIGHT_MARK, ENGINES_OWN, OpenProposal
from schemas.glossary import bodies, meaning

DESCRIPTION = (
    "Ids are opaque, times UTC (RFC 3339), errors `application/problem+json`. Every POST takes an `Idempotency-Key`: "
    "the same request under the same key gets the same answer. Changes send the `ETag` that they saw as `If-Match`. "
    "Every answer carries `X-Correlation-ID`, yours if you send one. What shows something of people is recorded; say "
    "in `X-Purpose` what you read it for: what your role usually reads it for is assumed where you don't."
)
TAGS = {
    "probes": "For machines: no token, nothing personal.",
    "session": "A cookie for browser views, whose EventSource sends no header.",
    "operations": "Parked keys and proof (role `operations`).",
    "rules": "What the service decides by, who stands for it, and where it was used.",
    "access": "What is written about a person; who read it; breaking the glass, and its review.",
    "development": "The simulated clock; never in production.",
}
WITHOUT_TOKEN = {"probes", "development"}


class ProblemDocument(BaseModel):
    """RFC 9457. `type` is stable; `instead` names what is possible; `errors` lists every invalid field; `kind` is the
    kind of content that is not for the caller, and `glass` says that they may open it in need."""

    type: str
    title: str
    status: int
    detail: str
    instead: list[str] | None = None
    errors: list[dict[str, str]] | None = None
    parked: bool | None = None
    kind: str | None = None
    glass: bool | None = None


EXAMPLE = {
    "type": "urn:huddle:problem:invalid-request",
    "title": "The request is not valid",
    "status": 422,
    "detail": "1 field(s) are not valid; all are listed.",
    "errors": [
        {"pointer": "/score", "in": "body", "code": "int_parsing", "detail": "Input should be an integer"}
    ],
}


def describe(app: FastAPI, service: str, kinds: Mapping[str, Aggregate[Any]]) -> None:
    """The page tells how to get in, what needs no token, how a kind's states look, and what each operation promises."""
    app.openapi_tags = [{"name": name, "description": text} for name, text in TAGS.items()]
    plain = app.openapi

    def whole() -> dict[str, Any]:
        document = plain()
        components = document.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas["Problem"] = ProblemDocument.model_json_schema() | {"examples": [EXAMPLE]}
        components["responses"] = problem_responses()
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "session": {"type": "apiKey", "in": "cookie", "name": "huddle_session"},
        }
        document["security"] = [{"bearer": []}, {"session": []}]
        examples, versioned = bodies(service), operations_with(app, version_needed)
        for path in document["paths"].values():
            for method, operation in path.items():
                public = bool(operation.pop(PUBLIC, False)) or bool(
                    WITHOUT_TOKEN & set(operation.get("tags", ()))
                )
                if public:
                    operation["security"] = []
                if shown := operation.pop(SHOWS, None):
                    show(operation, kinds[shown], schemas)
                operation.pop(READS, None)
                name = operation["operationId"]
                promise(method, operation, public, name in versioned, examples.get(name))
        explain(schemas, meaning)
        return document

    app.openapi = whole  # type: ignore[method-assign]


def operations_with(app: FastAPI, dependency: Callable[..., Any]) -> set[str | None]:
    """Ids of the operations whose handlers ask for it themselves."""
    return {
        route.operation_id
        for route in app.routes
        if isinstance(route, APIRoute) and dependency in [each.call for each in route.dependant.dependencies]
    }


IDS: Mapping[str, Any] = {
    "id": {"type": "string", "format": "uuid"},
    "version": {"type": "integer", "description": "As in the ETag"},
    "patient_id": {"type": ["string", "null"], "format": "uuid"},
    "referral_id": {"type": ["string", "null"], "format": "uuid"},
    "parked": {"type": "boolean", "description": "Something about the same person could not be handled yet"},
    "unverified": {
        "type": "array",
        "description": "Rules that nobody has verified and that helped to make it what it is; for staff",
        "items": UnverifiedDocument.model_json_schema(),
    },
}
"""What is added to a state wherever it is shown."""


def for_whom_may_not_read_all(schema: dict[str, Any]) -> dict[str, Any]:
    """What is left out for some callers is not promised to everybody; what the engine keeps in a state, to nobody."""
    fields = schema.get("properties", {})
    fields.pop(ENGINES_OWN, None)
    always = [name for name in schema.get("required", ()) if not fields[name].pop(BY_RIGHT_MARK, False)]
    return schema | ({"required": always} if "required" in schema else {})


def show(operation: dict[str, Any], aggregate: Aggregate[Any], schemas: dict[str, Any]) -> None:
    """The good answer of the operation is the aggregate's state, with its ids."""
    name = "".join(part.capitalize() for part in aggregate.kind.split("_"))
    [shape], parts = msgspec.json.schema_components(
        [union_of(aggregate.states)], ref_template=f"#/components/schemas/{name}.{{name}}"
    )
    parts.pop(OpenProposal.__name__)
    schemas.update({f"{name}.{part}": for_whom_may_not_read_all(schema) for part, schema in parts.items()})
    schemas[name] = {"allOf": [shape, {"type": "object", "properties": IDS, "required": ["id", "version"]}]}
    [status] = [code for code in operation["responses"] if code.startswith("2")]
    answer = operation["responses"][status]
    answer["content"] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    answer["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "The version"}}
