"""The OpenAPI page: what all services say of themselves alike. No behaviour."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import FastAPI
from pydantic import BaseModel

from backbone.http.resources import UnverifiedDocument
from backbone.http.routes import PUBLIC, SHOWS
from backbone.model.aggregate import Aggregate, union_of

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
    """RFC 9457. `type` is stable; `instead` names what is possible; `errors` lists every invalid field."""

    type: str
    title: str
    status: int
    detail: str
    instead: list[str] | None = None
    errors: list[dict[str, str]] | None = None
    parked: bool | None = None


EXAMPLE = {
    "type": "urn:huddle:problem:invalid-request",
    "title": "The request is not valid",
    "status": 422,
    "detail": "1 field(s) are not valid; all are listed.",
    "errors": [
        {"pointer": "/score", "in": "body", "code": "int_parsing", "detail": "Input should be an integer"}
    ],
}


def describe(app: FastAPI, kinds: Mapping[str, Aggregate[Any]]) -> None:
    """The page tells how to get in, what problems look like, what needs no token, and how a kind's states look."""
    app.openapi_tags = [{"name": name, "description": text} for name, text in TAGS.items()]
    plain = app.openapi

    def whole() -> dict[str, Any]:
        document = plain()
        components = document.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        schemas["Problem"] = ProblemDocument.model_json_schema() | {"examples": [EXAMPLE]}
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "session": {"type": "apiKey", "in": "cookie", "name": "huddle_session"},
        }
        document["security"] = [{"bearer": []}, {"session": []}]
        for path in document["paths"].values():
            for operation in path.values():
                if operation.pop(PUBLIC, False) or WITHOUT_TOKEN & set(operation.get("tags", ())):
                    operation["security"] = []
                if shown := operation.pop(SHOWS, None):
                    show(operation, kinds[shown], schemas)
        return document

    app.openapi = whole  # type: ignore[method-assign]


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


def show(operation: dict[str, Any], aggregate: Aggregate[Any], schemas: dict[str, Any]) -> None:
    """The good answer of the operation is the aggregate's state, with its ids."""
    name = "".join(part.capitalize() for part in aggregate.kind.split("_"))
    [shape], parts = msgspec.json.schema_components(
        [union_of(aggregate.states)], ref_template=f"#/components/schemas/{name}.{{name}}"
    )
    schemas.update({f"{name}.{part}": schema for part, schema in parts.items()})
    schemas[name] = {"allOf": [shape, {"type": "object", "properties": IDS, "required": ["id", "version"]}]}
    [status] = [code for code in operation["responses"] if code.startswith("2")]
    answer = operation["responses"][status]
    answer["content"] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    answer["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "The version"}}
