"""The outside world for real: an SMTP server, a text message gateway over HTTP, the database under the messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn
from aiosmtpd.smtp import SMTP

from backbone.engine.generic import kinds_of
from backbone.errors import Retryable
from backbone.model import EffectCall
from backbone.store.postgres import PostgresStore, open_pool
from cli.stack.ports import free_ports
from services.notifications.gateway.outside import Mail, Providers, SmsGateway, is_signed, signature
from services.notifications.message.commands import HandedOver, NotAccepted
from services.notifications.message.content import Wording
from services.notifications.service import SERVICE
from simulator.sinks.gateway import ACCOUNT, NUMBER, TOKEN, Gateway, application
from simulator.sinks.mail import Mailbox
from tests.support.databases import Databases
from tests.support.feed import PATIENT
from tests.support.post_room import PostRoom, shipped_rules

MESSAGE = "11111111-1111-4111-8111-111111111111"
EFFECT = "22222222-2222-4222-8222-222222222222"


def told(**settings: Any) -> Providers:
    usual = {
        "environment": "development",
        "smtp_url": "smtp://127.0.0.1:9",
        "mail_from": "clinic@harborstreet.example",
        "sms_url": f"http://{ACCOUNT}:{TOKEN}@127.0.0.1:9",
        "sms_from": NUMBER,
        "sms_callback": "http://127.0.0.1:9",
    }
    return Providers(**(usual | settings))


def call(attempt: int = 1, **contact: str) -> EffectCall:
    wording = msgspec.json.encode(Wording("Your appointment", "Harbor Street: see you"))
    body = {"attempt": 1, "recipient_id": PATIENT, "refs": ["wording", "contact"]}
    contents = {"wording": wording, "contact": msgspec.json.encode(contact)}
    return EffectCall(EFFECT, "sms", MESSAGE, msgspec.json.encode(body), contents, attempt)


@asynccontextmanager
async def mail_server(mailbox: Any) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    [port] = free_ports(1)
    server = await loop.create_server(lambda: SMTP(mailbox, loop=loop, hostname="sink"), "127.0.0.1", port)
    async with server:
        yield f"smtp://127.0.0.1:{port}"


async def test_a_mail_arrives_once_with_its_words_and_the_same_id_at_every_attempt():
    mailbox = Mailbox()
    async with mail_server(mailbox) as url:
        mail = Mail(told(smtp_url=url), shipped_rules())
        for attempt in (1, 2):
            answer = await mail.send(call(attempt, email="alex@example.net"))
            assert answer == HandedOver(attempt=1, delivered=True)
    first, second = mailbox.mails
    assert first["to"] == ["alex@example.net"] and first["body"] == "Harbor Street: see you"
    assert first["id"] == second["id"] and (first["marked"], second["marked"]) == (False, True)


async def test_an_address_that_the_server_refuses_for_good_is_not_tried_again():
    class Refusing(Mailbox):
        async def handle_RCPT(self, *_: Any) -> str:  # noqa: N802
            return "550 no such user"

    async with mail_server(Refusing()) as url:
        answer = await Mail(told(smtp_url=url), shipped_rules()).send(call(email="nobody@example.net"))
    assert isinstance(answer, NotAccepted)


@pytest.mark.parametrize("says", ["550 this sender may not", "530 sign in first", "535 wrong password"])
async def test_a_server_that_refuses_us_says_nothing_of_the_address(says: str):
    class Refusing(Mailbox):
        async def handle_MAIL(self, *_: Any) -> str:  # noqa: N802
            return says

    async with mail_server(Refusing()) as url:
        with pytest.raises(Retryable):
            await Mail(told(smtp_url=url), shipped_rules()).send(call(email="alex@example.net"))


async def test_a_password_that_the_server_does_not_take_is_ours_to_mend():
    async with mail_server(Mailbox()) as url:
        with_password = url.replace("//", "//clinic:wrong@")
        with pytest.raises(Retryable):
            await Mail(told(smtp_url=with_password), shipped_rules()).send(call(email="alex@example.net"))


async def test_in_production_nothing_is_written_to_a_server_that_does_not_encrypt():
    mailbox = Mailbox()
    async with mail_server(mailbox) as url:
        with pytest.raises(Retryable):
            mail = Mail(told(smtp_url=url, environment="production"), shipped_rules())
            await mail.send(call(email="alex@example.net"))
    assert mailbox.mails == []


async def test_a_server_that_is_away_may_answer_later():
    with pytest.raises(Retryable):
        await Mail(told(), shipped_rules()).send(call(email="alex@example.net"))


async def test_who_has_no_address_any_more_is_not_written_to():
    assert await Mail(told(), shipped_rules()).send(call()) == NotAccepted(attempt=1, reason="no_address")


@pytest.fixture
async def gateway() -> AsyncIterator[tuple[str, Gateway]]:
    """Over real HTTP; what it says of deliveries goes nowhere."""
    [port] = free_ports(1)
    deaf = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(204)))
    found = Gateway(deaf)
    server = uvicorn.Server(
        uvicorn.Config(application(found, []), port=port, log_level="error", lifespan="off")
    )
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://{ACCOUNT}:{TOKEN}@127.0.0.1:{port}", found
    server.should_exit = True
    await serving
    await deaf.aclose()


async def test_a_text_arrives_with_the_number_in_its_international_form(gateway):
    url, found = gateway
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await SmsGateway(told(sms_url=url), client, shipped_rules()).send(
            call(phone="+1 212 555-0142")
        )
    assert answer == HandedOver(attempt=1)
    [text] = found.texts
    assert (text.to, text.body, text.call, text.marked) == (
        "+12125550142",
        "Harbor Street: see you",
        f"{MESSAGE}/1",
        False,
    )


async def test_what_may_be_a_repetition_is_marked(gateway):
    url, found = gateway
    async with httpx.AsyncClient(trust_env=False) as client:
        await SmsGateway(told(sms_url=url), client, shipped_rules()).send(call(2, phone="+1 212 555-0142"))
    assert found.texts[0].marked


@pytest.mark.parametrize(
    ("status", "later"),
    [
        (503, True),
        (429, True),
        (401, True),
        (403, True),
        (404, True),
        (302, True),
        (400, False),
        (422, False),
    ],
)
async def test_a_gateway_that_is_busy_or_refuses_us_is_asked_again_one_that_refuses_the_number_is_not(
    status, later
):
    transport = httpx.MockTransport(lambda request: httpx.Response(status))
    async with httpx.AsyncClient(transport=transport) as client:
        sms = SmsGateway(told(), client, shipped_rules())
        if later:
            with pytest.raises(Retryable):
                await sms.send(call(phone="+12125550142"))
        else:
            assert isinstance(await sms.send(call(phone="+12125550142")), NotAccepted)


def test_what_is_not_signed_with_the_token_is_nobodys_word():
    form = {"Body": "STOP"}
    good = signature("http://127.0.0.1:9/sms/inbound", form, TOKEN)
    assert is_signed(told(), "/sms/inbound", form, good)
    assert not is_signed(told(), "/sms/inbound", {"Body": "YES"}, good)
    assert not is_signed(told(), "/sms/status/x/1", form, good)
    assert not is_signed(told(), "/sms/inbound", form, None)


async def test_the_whole_way_of_a_message_on_a_real_database(databases: Databases):
    assert SERVICE.migrations is not None
    pool = await open_pool(await databases.new("notifications", folders=[SERVICE.migrations]))
    room = await PostRoom(store=PostgresStore(pool, kinds_of(SERVICE))).ready("sms", "portal")
    await room.book("2027-01-20 14:00")
    await room.news(1, at="2027-01-06 11:00")
    await room.until("2027-01-17 10:00")
    await room.outside.text_back("yes")
    assert sorted(await room.ends()) == ["sent APPT_CONFIRMED", "sent APPT_D3", "sent MDT_OUTCOME_PT"]
    facts = await room.system.facts("notifications")
    assert facts.count("notifications.message_delivered.v1") == 3
    assert facts.count("notifications.message_replied.v1") == 1
    await pool.close()
