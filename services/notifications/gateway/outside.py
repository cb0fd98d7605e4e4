"""The outside world of this service: e-mail over SMTP, text messages over an HTTP gateway (Twilio's format).

What a provider refuses is answered with `NotAccepted`; what may still work is raised and called again, but not for
ever. A call that may be a repetition says so to whoever can see it.
"""

import base64
import hmac
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib
import httpx
import msgspec
from pydantic import AnyHttpUrl, Field

from backbone.errors import Retryable
from backbone.model import Command, EffectCall, Handler
from backbone.told import Told, as_told
from schemas.contacts import Contact, way_to
from services.notifications.message.commands import HandedOver, NotAccepted
from services.notifications.message.content import Attempt, Wording
from services.notifications.rules import Rules

SECONDS = 20.0
NO_ADDRESS = "no_address"
SINKS = "sinks"
"""Where compose takes messages in development."""
OF_THE_MESSAGE = (400, 422)
"""Statuses that refuse this number or this text. With any other (credentials, an address of ours, a limit) nobody is
reached: that is tried again, and alerted of."""


class Providers(Told):
    """Where messages go."""

    smtp_url: str = Field(pattern=r"^smtps?://", description="smtp://user:password@host:port, or smtps://")
    mail_from: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    sms_url: AnyHttpUrl = Field(description="https://account:token@host of the gateway")
    sms_from: str = Field(pattern=r"^\+?[0-9]{3,15}$")
    sms_callback: AnyHttpUrl = Field(description="where the gateway reaches this service")

    def refusals(self) -> Iterator[str]:
        yield from super().refusals()
        for name, url in (("SMTP_URL", urlsplit(self.smtp_url)), ("SMS_URL", urlsplit(str(self.sms_url)))):
            if url.hostname == SINKS:
                yield f"HUDDLE_{name} is the sinks of development: nobody would be told anything"
            if not url.password:
                yield f"HUDDLE_{name} has no password: anybody could send, or sign replies, as the clinic"
        for name, address in (("SMS_URL", self.sms_url), ("SMS_CALLBACK", self.sms_callback)):
            if address.scheme == "http":
                yield f"HUDDLE_{name} must be an https address: messages and replies are about patients"

    @property
    def upgrades(self) -> bool | None:
        """Whether the mail server must encrypt what begins in plain text; None: where it can."""
        is_plain = self.smtp_url.startswith("smtp:")
        return True if is_plain and self.environment == "production" else None


def read_providers() -> Providers:
    """Raises UnusableSettings that names every wrong setting."""
    return as_told(Providers)


@asynccontextmanager
async def providers(rules: Rules, settings: Any) -> AsyncIterator[Mapping[str, Handler]]:
    """Handlers by kind of effect."""
    told = read_providers()
    async with httpx.AsyncClient(timeout=SECONDS) as client:
        yield {
            "sms": Handler(SmsGateway(told, client, rules).send, given_up, refusal),
            "email": Handler(Mail(told, rules).send, given_up, refusal),
        }


def given_up(call: EffectCall, reason: str) -> NotAccepted:
    """Nobody can be reached, or it can't be sent at all: the next channel, or a person (NOT-06)."""
    return NotAccepted(attempt=msgspec.json.decode(call.body, type=Attempt).attempt, reason=reason)


def refusal(answer: Command) -> str | None:
    """What the provider said; nothing where it was not asked."""
    return answer.reason if isinstance(answer, NotAccepted) and answer.reason != NO_ADDRESS else None


def read(call: EffectCall) -> tuple[Attempt, Wording | None, Contact | None]:
    """None for what was erased since."""
    made = msgspec.json.decode(call.body, type=Attempt)
    found = [call.contents.get(ref) for ref in made.refs]
    wording = msgspec.json.decode(found[0], type=Wording) if found[0] else None
    contact = Contact.model_validate_json(found[1]) if len(found) > 1 and found[1] else None
    return made, wording, contact


class SmsGateway:
    """Twilio's Messages resource. Delivery is told to `/sms/status/{message}/{attempt}`."""

    def __init__(self, told: Providers, client: httpx.AsyncClient, rules: Rules) -> None:
        url = urlsplit(str(told.sms_url))
        self._account, self._token = unquote(url.username or ""), unquote(url.password or "")
        port = f":{url.port}" if url.port else ""
        self._url = f"{url.scheme}://{url.hostname}{port}/2010-04-01/Accounts/{self._account}/Messages.json"
        self._told = told
        self._client = client
        self._rules = rules

    async def send(self, call: EffectCall) -> Command:
        made, wording, contact = read(call)
        member = self._rules.staff.by_id.get(made.recipient_id)
        theirs = way_to(contact).phone if contact else None
        number = self._rules.clinic.e164(member.channels.phone if member else theirs)
        if wording is None or number is None:
            return NotAccepted(attempt=made.attempt, reason=NO_ADDRESS)
        callback = str(self._told.sms_callback).rstrip("/")
        form = {
            "To": number,
            "From": self._told.sms_from,
            "Body": wording.text,
            "StatusCallback": f"{callback}/sms/status/{call.aggregate_id}/{made.attempt}",
        }
        try:
            answer = await self._client.post(
                self._url, data=form, auth=(self._account, self._token), headers=marks(call)
            )
        except httpx.TransportError as error:
            raise Retryable(type(error).__name__) from error
        if answer.is_success:
            return HandedOver(attempt=made.attempt)
        if answer.status_code not in OF_THE_MESSAGE:
            raise Retryable(f"http_{answer.status_code}")
        return NotAccepted(attempt=made.attempt, reason=f"http_{answer.status_code}")


class Mail:
    """One message to one address. What the server has taken counts as delivered; a later bounce makes it failed."""

    def __init__(self, told: Providers, rules: Rules) -> None:
        self._url = urlsplit(told.smtp_url)
        self._upgrades = told.upgrades
        self._from = told.mail_from
        self._rules = rules

    async def send(self, call: EffectCall) -> Command:
        made, wording, contact = read(call)
        address = self._address(made, contact)
        if wording is None or address is None:
            return NotAccepted(attempt=made.attempt, reason=NO_ADDRESS)
        try:
            await aiosmtplib.send(
                letter(call, self._from, address, wording),
                hostname=self._url.hostname,
                port=self._url.port,
                username=unquote(self._url.username) if self._url.username else None,
                password=unquote(self._url.password) if self._url.password else None,
                use_tls=self._url.scheme == "smtps",
                start_tls=self._upgrades,
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPException as error:
            if not refused(error):
                raise Retryable(type(error).__name__) from error
            return NotAccepted(attempt=made.attempt, reason=type(error).__name__)
        return HandedOver(attempt=made.attempt, delivered=True)

    def _address(self, made: Attempt, contact: Contact | None) -> str | None:
        member = self._rules.staff.by_id.get(made.recipient_id)
        if member:
            return member.channels.email
        return way_to(contact).email if contact else None


def letter(call: EffectCall, sender: str, address: str, wording: Wording) -> EmailMessage:
    """The same id at every attempt: a reader shows one message."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, address, wording.subject
    mail["Message-ID"] = f"<{call.id}@{sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in marks(call).items():
        mail[name] = value
    mail.set_content(wording.text)
    return mail


def marks(call: EffectCall) -> dict[str, str]:
    """What may have been seen before is marked."""
    once = {"X-Huddle-Message": call.aggregate_id}
    return once | ({"X-Huddle-Possibly-Repeated": str(call.attempt)} if call.attempt > 1 else {})


def refused(error: aiosmtplib.SMTPException) -> bool:
    """For good: the server said 5xx of the address or the message. What it says of our password or sender holds for
    everybody's messages, and may be mended."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(each.code >= 500 for each in error.recipients)
    return isinstance(error, aiosmtplib.SMTPDataError) and error.code >= 500


def signature(url: str, form: Mapping[str, str], token: str) -> str:
    """Twilio's X-Twilio-Signature: HMAC-SHA-1 of the URL with the sorted form behind it, in base 64."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()


def is_signed(told: Providers, path: str, form: Mapping[str, str], given: str | None) -> bool:
    """Whether the gateway said this, to our public address."""
    token = unquote(urlsplit(str(told.sms_url)).password or "")
    url = str(told.sms_callback).rstrip("/") + path
    return given is not None and hmac.compare_digest(signature(url, form, token).encode(), given.encode())
