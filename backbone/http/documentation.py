"""The OpenAPI page: what all services say of themselves alike. No behaviour."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

DESCRIPTION = (
    "Ids are opaque, times UTC (RFC 3339), errors `application/problem+json`. Every POST takes an `Idempotency-Key`: "
    "the same request under the same key gets the same answer. Changes send the `ETag` that they saw as `If-Match`. "
    "Every answer carries `X-Correlation-ID`, yours if you send one."
)
TAGS = {
    "probes": "For machines: no token, nothing personal.",
    "session": "A cookie for browser views, whose EventSource sends no header.",
    "operations": "Parked keys and proof (role `operations`).",
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


def describe(app: FastAPI) -> None:
    """The page tells how to get in, what problems look like, and what needs no token."""
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
                if WITHOUT_TOKEN & set(operation.get("tags", ())):
                    operation["security"] = []
        return document

    app.openapi = whole  # type: ignore[method-assign]
