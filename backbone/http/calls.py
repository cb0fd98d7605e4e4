"""From a request to orders and back: cause, idempotency key, the version that the caller saw, the answer."""

from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from backbone.engine.runtime import Outcome, Runtime
from backbone.http.disclosure import purpose_of, shown_again
from backbone.http.identity import Caller, Principal
from backbone.http.problems import Problem, of_refusal, unfit
from backbone.ids import random_id
from backbone.model.aggregate import Order, Send
from backbone.model.head import Cause
from backbone.model.snapshot import Snapshot
from backbone.store.rows import Answer, Once

Document = dict[str, Any]
"""What is shown of something, as JSON."""
Documents = list[Document]
MOST_DIGITS = 9
"""Of a version: it is an `int` column."""


class RequestBody(BaseModel):
    """What a request says. A field that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid")


class Call:
    """One request that changes something."""

    def __init__(self, request: Request, caller: Principal, once: Once | None, expecting: int | None) -> None:
        self.runtime: Runtime = request.app.state.runtime
        self.caller = caller
        self.once = once
        self.expecting = expecting
        self.correlation_id: str = request.state.correlation_id
        self._request = request

    def cause(self) -> Cause:
        """The request as a cause, under a new id: a retry finds its answer under the idempotency key instead.

        An id made of the key would come back when the key is used again after its answer was pruned, and every
        consumer would drop those new facts as old ones.
        """
        return Cause(
            id=random_id(),
            at=self.runtime.clock.now(),
            actor=self.caller.actor,
            correlation_id=self.correlation_id,
            traceparent=self._request.state.traceparent,
            rights=self.caller.rights,
        )

    def seen(self) -> int:
        """The version in If-Match. Raises Problem 428 when the caller did not say."""
        if self.expecting is None:
            raise Problem(
                428,
                "if-match-missing",
                'Send If-Match with the ETag that you saw, for example If-Match: "3".',
            )
        return self.expecting

    async def give(
        self,
        order: Order | Send,
        answer: Callable[[Outcome], Answer],
        refused: Callable[[Outcome], Document] = lambda outcome: {},
        cause: Cause | None = None,
    ) -> Response:
        """Carry the order out and answer when it is committed; a refusal becomes a problem, with what `refused` adds.

        One request is one group: what is refused leaves nothing behind. Who changed something stands in the journal;
        who did not has read (PRV-23).
        """
        journalled = False

        def answered(outcome: Outcome) -> Answer:
            nonlocal journalled
            journalled = bool(outcome.events)
            if outcome.refusal is not None:
                more = refused(outcome) | ({"parked": True} if outcome.parked else {})
                return of_refusal(outcome.refusal, **more).answer()
            return answer(outcome)

        given = await self.runtime.order(cause or self.cause(), [order], answered, self.once)
        shown = response_of(given)
        if not journalled:
            await shown_again(self._request, shown)
        return shown


def response_of(answer: Answer) -> Response:
    return Response(
        answer.body, answer.status, answer.headers, answer.headers.get("content-type", "application/json")
    )


def answer_with(
    snapshot: Snapshot[Any], body: Document, *, status: int = 200, parked: bool = False, **headers: str
) -> Answer:
    """A body with the aggregate's version as its ETag."""
    document = body | ({"parked": True} if parked else {})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, msgspec.json.encode(document), {"etag": f'"{snapshot.version}"', **named})


async def call(
    request: Request,
    caller: Caller,
    idempotency_key: Annotated[
        str | None, Header(max_length=255, description="Same key, same request: same answer")
    ] = None,
    if_match: Annotated[str | None, Header(description="The ETag that you saw")] = None,
) -> Call:
    """The dependency of every route that changes something. A purpose that nobody knows is refused before anything is
    done: the answer may be a reading."""
    purpose_of(request)
    once = None
    if idempotency_key:
        body = sha256(
            request.method.encode() + b"\n" + request.url.path.encode() + b"\n" + await request.body()
        )
        once = Once(idempotency_key, caller.scope, body.hexdigest())
    return Call(request, caller, once, version_of(if_match))


def version_of(if_match: str | None) -> int | None:
    """Raises Problem 400 when the header is no ETag of ours."""
    if if_match is None:
        return None
    text = if_match.removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        detail = 'If-Match must be an ETag that this service gave, for example "3".'
        raise unfit("if-match-malformed", detail, "if-match", "header")
    return int(text)


Calling = Annotated[Call, Depends(call)]


async def version_needed(call: Calling) -> Call:
    """Raises Problem 428 before anything is looked up."""
    call.seen()
    return call


Knowing = Annotated[Call, Depends(version_needed)]
"""The dependency of a route that changes only the version which the caller saw."""
