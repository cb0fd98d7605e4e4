"""Consents, messages, the portal, the post and the gateway's webhooks, as people and machines use them."""

from typing import Any

import httpx
import pytest

from backbone.http.application import Hosting, build
from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from backbone.telemetry import Metrics
from cli.people import members
from schemas.referral.v1.referral import ReferralReceived
from tests.support.feed import PATIENT, REFERRAL
from tests.support.post_room import PostRoom
from tests.support.referral_http import TrustingIdentity, by

CORA = next(member for member in members() if member.login == "cora.lind")
STAFF = Principal("user", CORA.id, tuple(CORA.roles), tuple(CORA.disciplines), CORA.name)
SELF = Principal("patient", PATIENT)
SOMEBODY = Principal("patient", derive(ROOT, "somebody else"))


class Counter:
    """The service's HTTP side over a post room."""

    def __init__(self, room: PostRoom) -> None:
        self.room = room
        worker = room.system.workers["notifications"]
        hosting = Hosting(lambda: True)
        app: Any = build(worker.runtime, TrustingIdentity(), worker.parking, Metrics(), hosting)  # type: ignore[arg-type]
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notifications")

    async def ask(self, method: str, path: str, who: Principal, **json: Any) -> httpx.Response:
        answer = await self._http.request(method, path, headers=by(who), json=json or None)
        await self.room.system.settle()
        return answer

    async def bare(self, path: str, **form: str) -> httpx.Response:
        return await self._http.post(path, data=form)

    async def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask("GET", f"/patients/{PATIENT}/messages", STAFF)).json()[
            "messages"
        ]
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
    await counter.room.news(2, at="2027-01-04 12:00")
    sent, suppressed = await counter.messages()
    assert sent["status"] == "delivered" and "the team has met" in sent["text"]
    assert (suppressed["status"], suppressed["reason"]) == ("suppressed", "cap_day")
    assert (await counter.ask("GET", f"/patients/{PATIENT}/messages", SOMEBODY)).status_code == 404


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
    practice = derive(ROOT, "a practice")
    address = {"kind": "organisation", "channel": "post", "address": "Main Street 1", "phone": None}
    await counter.room.contact(practice, **address)
    received = ReferralReceived(
        source_system="ehr",
        source_key_ref=REFERRAL,
        referrer_type="pcp",
        referrer_org_id=practice,
        clock_start=counter.room.system.clock.now(),
        body_sites=(),
        condition_codes=(),
        medication_flags=(),
    )
    await counter.room.tell(received)
    [letter] = (await counter.ask("GET", "/post", STAFF)).json()["letters"]
    assert (letter["template"], letter["channel"]) == ("REF_RECEIVED", "post")
    assert (await counter.ask("GET", "/post", SELF)).status_code == 403
    assert (await counter.ask("POST", f"/messages/{letter['id']}/posted", STAFF)).status_code == 200
    assert (await counter.ask("GET", "/post", STAFF)).json()["letters"] == []


@pytest.mark.parametrize("path", ["/sms/inbound", f"/sms/status/{PATIENT}/1"])
async def test_what_the_gateway_did_not_sign_is_refused(counter, path):
    answer = await counter.bare(path, Body="STOP", MessageSid="SM1", MessageStatus="delivered")
    assert answer.status_code == 403 and answer.json()["type"].endswith("not-signed")


async def test_a_text_from_a_stranger_is_taken_without_a_trace(counter):
    answer = await counter.room.outside.gateway.reply("http://notifications", "+15559999", "hello")
    assert answer.status_code == 200
    assert not await counter.room.system.journal("notifications", "notifications.message_replied.v1")


async def test_the_same_text_from_the_gateway_twice_is_one_reply(counter):
    await counter.room.book("2027-01-20 14:00")
    await counter.room.until("2027-01-17 10:00")
    gateway = counter.room.outside.gateway
    form = {"MessageSid": "SM1", "From": "+15550142", "To": "+15550199", "Body": "yes"}
    for _ in range(2):
        answer = await gateway._say("http://notifications/sms/inbound", form)
        assert answer.status_code == 200
    assert len(await counter.room.system.journal("notifications", "notifications.message_replied.v1")) == 1
