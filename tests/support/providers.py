"""The outside of notifications for clinics in memory: a gateway and a mailbox without servers."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx

from backbone.model import Command, EffectCall, Handler
from services.notifications.gateway.outside import SmsGateway, given_up, read
from services.notifications.gateway.routes import gateway
from services.notifications.message.commands import HandedOver
from services.notifications.rules import load_rules
from simulator.sinks.gateway import ACCOUNT, MARK, NUMBER, TOKEN, Gateway
from tests.support.configuring import shipped

SERVICE = "http://notifications"
SETTINGS = {
    "HUDDLE_SMTP_URL": "smtp://127.0.0.1:25",
    "HUDDLE_MAIL_FROM": "clinic@harborstreet.example",
    "HUDDLE_SMS_URL": f"http://{ACCOUNT}:{TOKEN}@gateway",
    "HUDDLE_SMS_FROM": NUMBER,
    "HUDDLE_SMS_CALLBACK": SERVICE,
}


class InMemory(httpx.AsyncBaseTransport):
    """The gateway without its server."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        status, document = await self._gateway.answer(await request.aread(), MARK in request.headers)
        return httpx.Response(status, json=document)


class Outside:
    """`connect` it to the service before anything is sent."""

    def __init__(self) -> None:
        os.environ.update(SETTINGS)
        self.mails: list[str] = []
        self.mailed: list[str] = []
        """To whom each mail went: a person's id, or a practice's."""
        rules = shipped(load_rules)
        self._staff = numbers_of_staff()
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncBaseTransport(), trust_env=False
        )  # certificates are slow to load
        self.gateway = Gateway(self._client)
        self.lost = self.gateway.lost
        client = httpx.AsyncClient(transport=InMemory(self.gateway), trust_env=False)
        self._sms = SmsGateway(gateway(), client, rules)

    def connect(self, app: Any) -> None:
        self._client._transport = httpx.ASGITransport(app)

    async def mail(self, call: EffectCall) -> Command:
        made, wording, _ = read(call)
        assert wording is not None
        self.mails.append(wording.text)
        self.mailed.append(made.recipient_id)
        return HandedOver(attempt=made.attempt, delivered=True)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {"sms": Handler(self._sms.send, given_up), "email": Handler(self.mail, given_up)}

    async def text_back(self, text: str) -> None:
        """The patient who was texted last answers."""
        numbers = [each.to for each in self.gateway.texts if each.to not in self._staff]
        await self.text_from(numbers[-1], text)

    async def text_from(self, number: str, text: str) -> None:
        answer = await self.gateway.reply(SERVICE, number, text)
        assert answer.is_success, answer.text


@cache
def numbers_of_staff() -> frozenset[str]:
    rules = shipped(load_rules)
    return frozenset(rules.clinic.e164(each.channels.phone) for each in rules.staff.members)
