"""HTTP routes of the text message gateway: without a token, signed by it. No rules."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Literal, NamedTuple, cast
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from fastapi import Depends, Path, Request
from fastapi.responses import Response

from backbone.engine.runtime import Outcome, Runtime
from backbone.http.access import Running
from backbone.http.problems import Problem, checked_id, not_found, unfit
from backbone.http.routes import post
from backbone.ids import ROOT, derive
from backbone.model import Actor, Cause, Route, one, together_for
from backbone.store.rows import Answer
from backbone.telemetry import log
from services.notifications.agenda.decide.answer import Meaning, meaning, severity_of
from services.notifications.escalation.aggregate import ESCALATION
from services.notifications.escalation.commands import AnswerPage
from services.notifications.escalation.queries import answered_by, is_called, waits_for
from services.notifications.gateway.outside import Providers, is_signed, read_providers
from services.notifications.gateway.queries import owners_of, wants_no_texts
from services.notifications.gateway.reactions import (
    WORDS,
    PageAnswer,
    answers_a_page,
    key_beside,
    orders_for,
    page_answer,
    page_code,
)
from services.notifications.guesses.aggregate import (
    GUESSES,
    CheckKey,
    CountWrongCode,
    guesses_id,
    is_shut_out,
    key_needed,
)
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import NotAccepted, NoteDelivery
from services.notifications.message.states import NoMessage
from services.notifications.phone.aggregate import PHONE, OptedOut
from services.notifications.rules import Rules

ARRIVED = {"delivered": True, "undelivered": False, "failed": False}
"""Of the gateway's statuses, those that end an attempt."""
NOTHING = b"<Response/>"
NOTHING_TO_SAY = Response(NOTHING, media_type="text/xml")
MOST_FIELDS = 100
ERROR_CODE = re.compile("[0-9]{1,6}")


@cache
def gateway() -> Providers:
    """Read once: what a process is told stays as it is."""
    return read_providers()


async def form(request: Request) -> Mapping[str, str]:
    """What the gateway said. Raises Problem 400 for what is no form, 403 for what the gateway did not sign."""
    try:
        body = (await request.body()).decode()
        said = dict(parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        detail = f"Send a form in UTF-8, percent-encoded, of at most {MOST_FIELDS} fields."
        raise unfit("form-malformed", detail, "", "body") from None
    if not is_signed(gateway(), request.url.path, said, request.headers.get("x-twilio-signature")):
        raise Problem(403, "not-signed", "Only the text message gateway may say this, signed with its token.")
    return said


Form = Annotated[Mapping[str, str], Depends(form)]


async def note_status(
    request: Request,
    running: Running,
    said: Form,
    message_id: str,
    attempt: Annotated[int, Path(ge=0, le=1_000_000)],
) -> Response:
    """A text message arrived, or did not."""
    arrived = ARRIVED.get(said.get("MessageStatus", ""))
    if arrived is not None:
        message = checked_id(message_id)
        failed = NotAccepted(attempt=attempt, reason=f"gateway_{code_in(said)}")
        command = NoteDelivery(attempt=attempt) if arrived else failed
        cause = caused_by(request, running, f"status {message} {attempt} {arrived}", Actor("partner"))
        await running.order(cause, [MESSAGE.send(command, to=one(message))], noted)
    return Response(status_code=204)


def code_in(said: Mapping[str, str]) -> str:
    """Why, by the gateway's number; it may say nothing."""
    code = said.get("ErrorCode", "")
    return code if ERROR_CODE.fullmatch(code) else "failed"


async def take_text(request: Request, running: Running, said: Form) -> Response:
    """A patient wrote back, or somebody who was paged. What is said of the number is confirmed by one text."""
    number, text = running.rules.clinic.e164(said.get("From")), said.get("Body", "")
    if number is None:
        log.warning("a text from what is no telephone number")
        return NOTHING_TO_SAY
    inbound_id = derive(ROOT, f"inbound {said.get('MessageSid', '')}")
    member = running.rules.member_with(number)
    if member and (code := page_code(text)):
        reply = Reply(member.id, code, key_beside(text), inbound_id)
        said_of_it, key = await take_answer(request, running, reply)
        return await told(running, number, said_of_it, code, key)
    if answers_a_page(text):
        return await told(running, number, "page_elsewhere")
    word = meaning(text, running.rules.notifications.replies.values)
    owners = await owners_of(running, number)
    orders = [*orders_for(word, number, owners, inbound_id, text)]
    if orders:
        cause = caused_by(request, running, f"inbound {inbound_id}", Actor("patient", owners.texted_last))
        answer = await running.order(cause, orders, taken(word, inbound_id, running.rules))
        return Response(answer.body, media_type="text/xml")
    return await answer_stranger(running, number, text, word)


async def answer_stranger(running: Running, number: str, text: str, word: Meaning) -> Response:
    """Somebody who was called and writes no code, or somebody whom nobody here knows."""
    if word == "help":
        return Response(said_back(running.rules.messages.answers.help, running.rules), media_type="text/xml")
    if await is_called(running, running.rules.member_with(number)):
        return await told(running, number, "page_without_code")
    log.warning("a text from a number that reaches nobody here")
    return await told(running, number, "crisis") if severity_of(text, running.rules) else NOTHING_TO_SAY


async def told(
    running: Runtime, number: str, answer: PageAnswer | Literal["crisis"], code: str = "", key: str = ""
) -> Response:
    """One text to whoever wrote, unless they want none. It is the answer to this request: no replay says it again."""
    if await wants_no_texts(running, number):
        return NOTHING_TO_SAY
    words = WORDS[answer](running.rules.messages.answers)
    return Response(said_back(words, running.rules, code, key), media_type="text/xml")


class Reply(NamedTuple):
    """What somebody on the ladder wrote, from their own number."""

    staff_id: str
    code: str
    key: str | None
    inbound_id: str


Said = tuple[PageAnswer, str]
"""What is said of a reply; with the key, where one is needed from now on."""


async def take_answer(request: Request, running: Runtime, reply: Reply) -> Said:
    """Somebody on the ladder takes it up; after too many wrong codes from their number with the key only."""
    staff_id = reply.staff_id
    escalation = await answered_by(running, staff_id, reply.code)
    cause = caused_by(request, running, f"inbound {reply.inbound_id}", Actor("user", staff_id))
    if escalation is None:
        return await count_wrong_code(running, cause, reply)
    if not waits_for(escalation.state, staff_id, running):
        log.warning("a reply to a page that waits for no answer of theirs")
        return page_answer(escalation.state, staff_id), ""
    order = together_for(
        escalation,
        GUESSES.send(CheckKey(key=reply.key), to=one(guesses_id(staff_id))),
        ESCALATION.send(AnswerPage(by_id=staff_id), to=one(escalation.id)),
    )

    def heard(outcome: Outcome) -> Answer:
        if outcome.refusal is not None:
            log.warning("a reply to a page after too many wrong codes")
            return shut_out(outcome)
        return Answer(200, page_answer(outcome.one(ESCALATION).state, staff_id).encode())

    return read_back(await running.order(cause, [order], heard))


async def count_wrong_code(running: Runtime, cause: Cause, reply: Reply) -> Said:
    """With the last that is allowed the key is told already."""
    log.warning("a reply to a page with a code for which nothing waits")
    rule = running.rules.notifications.reply_codes.values
    order = GUESSES.send(CountWrongCode(inbound_id=reply.inbound_id), to=one(guesses_id(reply.staff_id)))

    def heard(outcome: Outcome) -> Answer:
        is_shut = is_shut_out(outcome.one(GUESSES).state, running.clock.now(), rule)
        return shut_out(outcome) if is_shut else Answer(200, b"page_over")

    return read_back(await running.order(cause, [order], heard))


def shut_out(outcome: Outcome) -> Answer:
    return Answer(200, f"page_shut_out {key_needed(outcome.one(GUESSES).state)}".encode())


def read_back(answer: Answer) -> Said:
    name, _, key = answer.body.decode().partition(" ")
    return cast(PageAnswer, name), key


def caused_by(request: Request, running: Running, what: str, actor: Actor) -> Cause:
    """The gateway says everything at least once: the same word is the same cause."""
    correlation_id = request.state.correlation_id
    return Cause(id=derive(ROOT, what), at=running.clock.now(), actor=actor, correlation_id=correlation_id)


def noted(outcome: Outcome) -> Answer:
    """Raises Problem 404 for what was never a message."""
    if isinstance(outcome.one(MESSAGE).state, NoMessage):
        raise not_found("message")
    return Answer(204, b"")


def taken(word: Meaning, inbound_id: str, rules: Rules) -> Callable[[Outcome], Answer]:
    """The same text again is answered the same: the gateway may not have heard us."""

    def answer(outcome: Outcome) -> Answer:
        answers = rules.messages.answers
        match word:
            case "opt_out":
                phone = outcome.one(PHONE).state
                is_new = isinstance(phone, OptedOut) and phone.inbound_id == inbound_id
                return Answer(200, said_back(answers.opted_out, rules) if is_new else NOTHING)
            case "opt_in":
                return Answer(200, said_back(answers.opted_in, rules))
            case _:
                return Answer(200, NOTHING)

    return answer


def said_back(text: str, rules: Rules, code: str = "", key: str = "") -> bytes:
    """One text to whoever wrote, in the gateway's own language."""
    emergency = rules.clinic.emergency_contacts
    words = text.format(
        clinic=rules.messages.short_name,
        phone=rules.messages.call_back,
        code=code,
        key=key,
        crisis=emergency.crisis,
        emergency=emergency.emergency,
    )
    return f"<Response><Message>{escape(words)}</Message></Response>".encode()


ROUTES: tuple[Route, ...] = (
    post("/sms/status/{message_id}/{attempt}", note_status, status=204, public=True),
    post("/sms/inbound", take_text, public=True, kind="text/xml"),
)
