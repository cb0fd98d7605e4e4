"""A text message gateway in Twilio's format: takes messages, says that they arrived, lets patients write back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import unescape

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from backbone.ids import random_id
from services.notifications.gateway.outside import signature

ACCOUNT, TOKEN, NUMBER = "AC-local", "development-only", "+15550199"
"""Of this machine's gateway: known to everybody, and of no use anywhere else."""
CREATED = 201
MARK = "x-huddle-possibly-repeated"
MESSAGE = re.compile("<Message>(.*?)</Message>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """One that was taken. `call` names message and attempt; the same call again is one that was repeated."""

    sid: str
    to: str
    body: str
    call: str
    marked: bool


class Gateway:
    """`client` is how the service is reached."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.texts: list[Text] = []
        self.lost: set[str] = set()
        """Numbers at which no text arrives."""
        self._client = client

    async def answer(self, body: bytes, marked: bool) -> tuple[int, dict[str, Any]]:
        """Status and document of the answer to a form."""
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if not {"To", "From", "Body", "StatusCallback"} <= form.keys():
            return 400, {"code": 21604, "message": "To, From, Body and StatusCallback"}
        text = await self.take(form, marked)
        return CREATED, {"sid": text.sid, "status": "queued"}

    async def take(self, form: Mapping[str, str], marked: bool) -> Text:
        """Keep it, and tell the service what became of it before the call is answered."""
        callback = form["StatusCallback"]
        call = "/".join(urlsplit(callback).path.split("/")[-2:])
        text = Text(f"SM{random_id()}", form["To"], form["Body"], call, marked)
        self.texts.append(text)
        arrived = text.to not in self.lost
        status = {"MessageSid": text.sid, "MessageStatus": "delivered" if arrived else "undelivered"}
        await self._say(callback, status if arrived else status | {"ErrorCode": "30003"})
        return text

    async def reply(self, service: str, number: str, body: str) -> httpx.Response:
        """A patient writes back. `service` is the URL of notifications as the gateway knows it."""
        form = {"MessageSid": f"SM{random_id()}", "From": number, "To": NUMBER, "Body": body}
        answer = await self._say(f"{service}/sms/inbound", form)
        self.texts += [Text(sid := f"SM{random_id()}", number, said, sid, False) for said in said_in(answer)]
        return answer

    async def _say(self, url: str, form: Mapping[str, str]) -> httpx.Response:
        signed = {"x-twilio-signature": signature(url, form, TOKEN)}
        return await self._client.post(url, data=dict(form), headers=signed)


def said_in(answer: httpx.Response) -> Iterable[str]:
    """The texts that an answer to an inbound text asks for."""
    if answer.is_success and answer.content:
        yield from (unescape(said) for said in MESSAGE.findall(answer.text))


def application(gateway: Gateway, mails: list[dict[str, Any]]) -> FastAPI:
    """The gateway's HTTP side, and what has arrived so far, mail too."""
    app = FastAPI(title="Sinks", docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/2010-04-01/Accounts/{account}/Messages.json", status_code=CREATED)
    async def create(request: Request, account: str) -> Response:
        status, document = await gateway.answer(await request.body(), MARK in request.headers)
        return JSONResponse(document | {"account_sid": account}, status)

    @app.post("/replies")
    async def replies(request: Request) -> Response:
        said = await request.json()
        answer = await gateway.reply(said["service"], said["from"], said["body"])
        return Response(status_code=answer.status_code)

    @app.post("/lost/{number}")
    async def lose(number: str) -> Response:
        gateway.lost.add(number)
        return Response(status_code=204)

    @app.get("/arrived")
    async def arrived(since: int = 0, mails_since: int = 0) -> dict[str, Any]:
        texts = [asdict(text) for text in gateway.texts[since:]]
        return {"texts": texts, "mails": mails[mails_since:]}

    return app
