"""Errors as `application/problem+json` (RFC 9457), with a stable type and every invalid field at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from backbone.engine.work import Refusal, Stale
from backbone.errors import KeyReused, Retryable, TooLarge
from backbone.ids import identifier
from backbone.model.decision import TooEarly
from backbone.model.invalid import Invalid, WrongField, wrong
from backbone.store.postgres import TRANSIENT
from backbone.store.rows import Answer

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "2"
TITLES: Mapping[int, str] = {
    400: "The request can't be read",
    401: "Who are you?",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Not possible now",
    412: "Somebody was faster",
    413: "Too large",
    422: "The request is not valid",
    428: "Say which version you saw",
    429: "Too much at once",
    500: "A mistake of ours",
    503: "Not available now",
}


class Problem(Exception):
    """An error on its way to the caller. `code` becomes the stable type `urn:huddle:problem:<code>`."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.more = more

    def body(self) -> bytes:
        """The problem document."""
        title = TITLES.get(self.status, "Error")
        document = {
            "type": f"urn:huddle:problem:{self.code}",
            "title": title,
            "status": self.status,
            "detail": str(self),
        }
        return msgspec.json.encode(document | self.more)

    def response(self) -> Response:
        return Response(self.body(), self.status, self.headers, MEDIA_TYPE)

    def answer(self) -> Answer:
        """The same as an answer that can be kept with an idempotency key."""
        return Answer(self.status, self.body(), self.headers | {"content-type": MEDIA_TYPE})


def unfit(code: str, detail: str, field: str, within: str, status: int = 400) -> Problem:
    """One part of the request is not as it must be here. `field`: none where it is all of the body."""
    return Problem(status, code, detail, errors=[wrong((field,) if field else (), code, detail, within)])


def cursor_malformed() -> Problem:
    return unfit("cursor-malformed", "The cursor must be one that this service gave.", "cursor", "query")


def not_found(what: str) -> Problem:
    return Problem(404, "not-found", f"There is no such {what}.")


def checked_id(text: str) -> str:
    """A path's id. Raises Problem 404: what is no id names nothing."""
    try:
        return identifier(text.lower())
    except ValueError:
        raise not_found("thing") from None


def of_refusal(refusal: Refusal, **more: Any) -> Problem:
    """What a decider said no with."""
    if isinstance(refusal, Stale):
        detail = f"You saw version {refusal.expected}, it is at {refusal.current} now. Nothing changed: read it again."
        return Problem(412, "stale", detail, current_version=refusal.current, **more)
    if isinstance(refusal, TooEarly):
        return Problem(409, refusal.code, refusal.reason, **more)
    status = 403 if refusal.code == "not-permitted" else 409
    return Problem(status, refusal.code, refusal.reason, instead=list(refusal.instead), **more)


def invalid_fields(errors: Sequence[Any]) -> list[WrongField]:
    """Where and what, never the value: it may be personal. Pointers are JSON pointers into the body."""
    return [wrong(error["loc"][1:], error["type"], error["msg"], str(error["loc"][0])) for error in errors]


UNHEARD = frozenset({403, 404, 412})
"""After these nobody has heard what the body says. What a decider refuses says so itself (`give`)."""


async def problem(request: Request, error: Exception) -> Response:
    """A body that was read when it was refused is looked at for what is urgent. Of one that was too large to be read,
    and of any before its sender is known (401), only that may be said which holds for all."""
    assert isinstance(error, Problem)
    if error.status == 413:
        error.more.update(urgent_in(request, None))
    elif error.status in UNHEARD and hasattr(request, "_json"):
        error.more.update(urgent_in(request, await request.json()))
    return error.response()


def urgent_in(request: Request, body: Any) -> Mapping[str, Any]:
    """Nothing at the board, which only passes on: it runs no service."""
    running = getattr(request.app.state, "runtime", None)
    found: Mapping[str, Any] = running.service.urgent(body, running.rules) if running else {}
    return found


async def invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return of_invalid(request, Invalid(invalid_fields(error.errors())), error.body)


async def not_taken(request: Request, error: Exception) -> Response:
    """The contract was kept, and still it can't be."""
    assert isinstance(error, Invalid)
    return of_invalid(request, error, await request.json())


def of_invalid(request: Request, error: Invalid, body: Any) -> Response:
    more = urgent_in(request, None if isinstance(body, str | bytes) else body)
    return Problem(422, "invalid-request", str(error), errors=error.fields, **more).response()


async def http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, Problem):  # raised while FastAPI read the body
        return error.__cause__.response()
    if error.status_code == 400:
        return unfit("body-malformed", "The body is no JSON that can be read.", "", "body").response()
    code = TITLES.get(error.status_code, "error").lower().replace(" ", "-").replace("'", "").strip("?")
    return Problem(error.status_code, code, str(error.detail), headers=error.headers).response()


async def reused(request: Request, error: Exception) -> Response:
    return Problem(422, "idempotency-key-reused", str(error)).response()


async def too_large(request: Request, error: Exception) -> Response:
    return Problem(422, "fact-too-large", f"Nothing was changed: {error}.").response()


async def away(request: Request, error: Exception) -> Response:
    detail = "The database does not answer, or others keep changing the same thing. Nothing was changed: try again."
    return Problem(503, "try-again", detail, headers={"Retry-After": RETRY_SECONDS}).response()


def install(app: FastAPI) -> None:
    """Every error that is no bug becomes its problem; bugs are for `correlation`."""

    for kind, handler in (
        (Problem, problem),
        (RequestValidationError, invalid),
        (Invalid, not_taken),
        (HTTPException, http),
        (KeyReused, reused),
        (TooLarge, too_large),
        (Retryable, away),
        *((kind, away) for kind in TRANSIENT),
    ):
        app.add_exception_handler(kind, handler)
