"""Consents, messages, the portal, the post and the gateway's webhooks, as people and machines use them."""

from datetime import date
from typing import Any

import httpx
import pytest

from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from backbone.model import Command, EffectCall, Handler
from cli.people import members
from schemas.referral.v1.referral import InformationRequested
from services.notifications.gateway.outside import given_up
from services.notifications.message.commands import HandedOver
from tests.support.feed import PATIENT
from tests.support.post_room import PostRoom
from tests.support.providers import SERVICE
from tests.support.referral_http import by

CORA = next(member for member in members() if member.login == "cora.lind")
STAFF = Principal("user", CORA.id, tuple(CORA.roles), tuple(CORA.disciplines), CORA.name)
SELF = Principal("patient", PATIENT)
SOMEBODY = Principal("patient", derive(ROOT, "somebody else"))
LIST = f"/patients/{PATIENT}/messages"


class Counter:
    """The service's HTTP side over a post room."""

    def __init__(self, room: PostRoom) -> None:
        self.room = room
        self._http = room.http()

    async def ask(self, method: str, path: str, who: Principal, **json: Any) -> httpx.Response:
        answer = await self._http.request(method, path, headers=by(who), json=json or None)
        await self.room.system.settle()
        return answer

    async def bare(
        self, path: str, body: bytes = b"", signature: str | None = None, **form: str
    ) -> httpx.Response:
        """Without a signature of the gateway's."""
        signed = {b"x-twilio-signature": signature.encode("latin-1")} if signature else None
        return await self._http.post(path, content=body or None, data=form or None, headers=signed)

    async def signed(self, path: str, **form: str) -> httpx.Response:
        """As the gateway says it."""
        return await self.room.outside.gateway._say(f"{SERVICE}{path}", form)

    async def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask("GET", LIST, STAFF)).json()["messages"]
        return found


@pytest.fixture
async def counter() -> Counter:
    return Counter(await PostRoom().ready())


async def test_a_patient_agrees_for_themselves_and_for_nobody_else(counter):
    path = f"/patients/{PATIENT}/consents"
    assert (await counter.ask("POST", path, SELF, channel="email", given=True)).status_code == 201
    assert (await counter.ask("POST", path, SOMEBODY, channel="sms", given=False)).status_code == 404
    assert (await counter.ask("POST", path, SELF, channel="smoke", given=True)).status_code == 422
    consents = (await counter.ask("GET", path, SELF)).json()["consents"]
    assert [(each["channel"], each["status"]) for each in consents] == [("sms", "given"), ("email", "given")]


async def test_what_became_of_each_message_is_seen_with_its_words_and_the_reason(counter):
    await counter.room.news(1)
    await counter.room.book("2027-01-05 09:30", at="2027-01-04 15:00")
    await counter.room.until("2027-01-04 16:00")
    became = {each["template"]: each for each in await counter.messages()}
    sent, suppressed = became["MDT_OUTCOME_PT"], became["APPT_CONFIRMED"]
    assert sent["status"] == "delivered" and "the team has met" in sent["text"]
    assert (suppressed["status"], suppressed["reason"]) == ("suppressed", "cap_day")
    assert (await counter.ask("GET", LIST, SOMEBODY)).status_code == 404


async def test_a_coordinator_takes_back_what_is_planned_but_not_what_has_left(counter):
    await counter.room.book("2027-01-20 14:00")
    await counter.room.until("2027-01-04 09:30")
    by_template = {each["template"]: each["id"] for each in await counter.messages()}
    spoken = {"reason": "spoken_to"}
    taken = await counter.ask("POST", f"/messages/{by_template['APPT_D3']}/cancel", STAFF, **spoken)
    late = await counter.ask("POST", f"/messages/{by_template['APPT_CONFIRMED']}/cancel", STAFF, **spoken)
    patient = await counter.ask("POST", f"/messages/{by_template['APPT_D1']}/cancel", SELF, **spoken)
    assert (taken.status_code, late.status_code, patient.status_code) == (200, 409, 403)
    await counter.room.until("2027-01-21 09:00")
    assert (await counter.room.ends())[-2:] == ["cancelled APPT_D3 spoken_to", "sent APPT_D1"]


async def test_the_portal_shows_what_was_sent_to_the_caller_with_its_dates(counter):
    await counter.room.book("2027-01-20 14:00")
    await counter.room.until("2027-01-04 09:30")
    [entry] = (await counter.ask("GET", "/portal", SELF)).json()["messages"]
    assert entry["dates"] == ["Wed Jan 20 14:00, Harbor Street"]
    assert (await counter.ask("GET", "/portal", SOMEBODY)).json()["messages"] == []
    assert (await counter.ask("GET", "/portal", STAFF)).status_code == 403


async def test_somebody_who_was_called_instead_is_on_record(counter):
    await counter.room.news(1)
    [message] = await counter.messages()
    path = f"/messages/{message['id']}/contact"
    assert (await counter.ask("POST", path, STAFF, result="reached")).status_code == 200
    assert (await counter.ask("POST", path, SELF, result="reached")).status_code == 403
    assert await counter.room.system.journal("notifications", "notifications.contact_recorded.v1")


async def test_a_letter_by_post_waits_on_a_list_until_somebody_posts_it(counter):
    await counter.room.by_post()
    [letter] = (await counter.ask("GET", "/post", STAFF)).json()["letters"]
    assert (letter["template"], letter["channel"]) == ("REF_RECEIVED", "post")
    assert (await counter.ask("GET", "/post", SELF)).status_code == 403
    assert (await counter.ask("POST", f"/messages/{letter['id']}/posted", STAFF)).status_code == 200
    assert (await counter.ask("GET", "/post", STAFF)).json()["letters"] == []


async def test_who_posts_letters_page_by_page_leaves_none_out(counter):
    await counter.room.by_post()
    for day in (date(2027, 1, 18), date(2027, 1, 25)):
        asked = InformationRequested(missing=("function",), reminder_on=day, decide_on=day, clock="continue")
        await counter.room.tell(asked)
    posted, path = [], "/post?limit=1"
    while path:
        shown = (await counter.ask("GET", path, STAFF)).json()
        [letter] = shown["letters"]
        posted.append(letter["id"])
        assert (await counter.ask("POST", f"/messages/{letter['id']}/posted", STAFF)).status_code == 200
        path = f"/post?limit=1&cursor={shown['next']}" if "next" in shown else ""
    assert len(set(posted)) == len(posted) == 3
    assert (await counter.ask("GET", "/post", STAFF)).json()["letters"] == []


@pytest.mark.parametrize("path", ["/sms/inbound", f"/sms/status/{PATIENT}/1"])
async def test_what_the_gateway_did_not_sign_is_refused(counter, path):
    answer = await counter.bare(path, Body="STOP", MessageSid="SM1", MessageStatus="delivered")
    assert answer.status_code == 403 and answer.json()["type"].endswith("not-signed")


async def test_a_signature_in_foreign_characters_is_refused(counter):
    answer = await counter.bare("/sms/inbound", Body="STOP", signature="\u00e9")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:huddle:problem:not-signed")


async def test_a_text_from_a_stranger_is_taken_without_a_trace(counter):
    answer = await counter.room.outside.gateway.reply("http://notifications", "+12125559999", "hello")
    assert answer.status_code == 200
    assert not await counter.room.system.journal("notifications", "notifications.message_replied.v1")


async def test_the_same_text_from_the_gateway_twice_is_one_reply(counter):
    await counter.room.book("2027-01-20 14:00")
    await counter.room.until("2027-01-17 10:00")
    form = {"MessageSid": "SM1", "From": "+12125550142", "To": "+12125550199", "Body": "yes"}
    for _ in range(2):
        assert (await counter.signed("/sms/inbound", **form)).status_code == 200
    assert len(await counter.room.system.journal("notifications", "notifications.message_replied.v1")) == 1


@pytest.mark.parametrize("path", ["/sms/inbound", f"/sms/status/{PATIENT}/1"])
@pytest.mark.parametrize("body", [b"\xff\xfe", b"Body=%FF", b"a=1&" * 101])
async def test_what_is_no_form_is_said_to_be_none_before_anything_else(counter, path, body):
    answer = await counter.bare(path, body)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:huddle:problem:form-malformed")


@pytest.mark.parametrize(("attempt", "status"), [("1", 404), ("9" * 5_000, 422), ("one", 422)])
async def test_what_never_was_a_message_has_no_status(counter, attempt, status):
    path = f"/sms/status/{derive(ROOT, 'no message')}/{attempt}"
    assert (await counter.signed(path, MessageStatus="delivered")).status_code == status


async def test_what_went_by_text_message_can_not_be_posted():
    async def taken(call: EffectCall) -> Command:
        return HandedOver(attempt=1)

    counter = Counter(await PostRoom(handlers={"sms": Handler(taken, given_up)}).ready())
    await counter.room.news(1)
    [sent] = await counter.messages()
    answer = await counter.ask("POST", f"/messages/{sent['id']}/posted", STAFF)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:huddle:problem:not-by-post")
    assert sent["status"] == "sent" and await counter.messages() == [sent]


async def test_messages_are_read_page_by_page(counter):
    await counter.room.book("2027-01-20 14:00")
    await counter.room.news(1)
    everything, found, path = await counter.messages(), [], f"{LIST}?limit=2"
    while path:
        shown = (await counter.ask("GET", path, SELF)).json()
        found += shown["messages"]
        path = f"{LIST}?limit=2&cursor={shown['next']}" if "next" in shown else ""
    assert found == everything and len(found) == 4
    assert (await counter.ask("GET", f"{LIST}?limit=0", SELF)).status_code == 422


async def test_what_a_patient_wrote_back_is_read_by_who_may_and_by_nobody_else(counter):
    await counter.room.news(1)
    await counter.room.outside.text_back("I want to die")
    await counter.room.system.settle()
    listed = (await counter.ask("GET", f"/patients/{PATIENT}/contents", STAFF)).json()["contents"]
    [ref] = [each["ref"] for each in listed if each["kind"] == "inbound_text"]
    clerk = Principal("user", derive(ROOT, "a clerk"), ("receptionist",))
    statuses = [
        (await counter.ask("GET", f"/contents/{ref}", who)).status_code
        for who in (STAFF, SELF, clerk, SOMEBODY)
    ]
    assert statuses == [200, 200, 403, 404]
    assert (await counter.ask("GET", f"/contents/{ref}", STAFF)).json()["body"] == "I want to die"
