"""What messages leave to people: nobody reached, something written back. And the telephones that they arrive on."""

import random
from collections import deque
from collections.abc import Iterable, Mapping

import httpx

from simulator.behaviour import rates
from simulator.desk import Json
from simulator.roles.people import Handler
from simulator.world import World


class Messages:
    """Handlers by type of item."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._asked: set[str | None] = set()
        self._agrees = rates()["agrees_when_called"]
        self.handlers: Mapping[str, Handler] = {
            "NO_CHANNEL": self._call,
            "CONTACT_FAILED": self._call,
            "REPLY_READ": self._read,
            "CRISIS_CALL": self._speak,
        }

    async def _call(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        path = f"/messages/{item['subject_id']}/contact"
        await self._world.desk.post("notifications", path, who, result="reached")
        self._world.did("called instead of a message")
        await self._ask_again(item, who)
        return True

    async def _ask_again(self, item: Json, who: str) -> None:
        """Who agreed to nothing is asked on the telephone, once: else every message is a call, for ever."""
        patient = item.get("patient_id")
        story = self._world.of_patient.get(patient or "")
        if story is None or story.channels or patient in self._asked or patient in self._world.dead:
            return
        self._asked.add(patient)
        if random.Random(f"{story.source_id} called").random() < self._agrees:
            body = {"channel": "sms", "purpose": "care", "given": True}
            await self._world.desk.post("notifications", f"/patients/{patient}/consents", who, **body)
            self._world.did("agreed when called")

    async def _speak(self, item: Json, who: str) -> bool:
        """Who wrote of dying is called by whoever took it up."""
        await self._world.desk.act(item, "claim", who)
        path = f"/messages/{item['subject_id']}/contact"
        await self._world.desk.post("notifications", path, who, result="reached")
        self._world.did("spoke with who wrote of dying")
        return True

    async def _read(self, item: Json, who: str) -> bool:
        """Who wrote `no` has the date cancelled; anything else is answered by telephone."""
        message = item["subject_id"]
        await self._world.desk.act(item, "claim", who)
        if self._world.chart.replies.get(message) == "cancel":
            visit = self._world.chart.subjects[message]
            body = {"by": "patient", "reason": "asked_by_text"}
            await self._world.desk.offer("scheduling", f"/appointments/{visit}/cancel", who, **body)
            self._world.did("cancelled by text")
        await self._world.desk.post("notifications", f"/messages/{message}/contact", who, result="reached")
        self._world.did("replies read")
        return True


class Telephones:
    """The gateway's view: what arrived, and writing back."""

    def __init__(self, http: httpx.AsyncClient, sinks: str, service: str) -> None:
        self._http = http
        self._sinks = sinks
        self._service = service
        self._seen = self._mails = self.repeated = 0
        """`repeated`: without the mark that says so."""
        self._calls: set[str] = set()
        self.latest: deque[str] = deque(maxlen=4)
        """As a person would see them on the screen."""

    async def rung(self) -> Iterable[Json]:
        """Texts since the last time."""
        query = {"since": self._seen, "mails_since": self._mails}
        arrived = (await self._http.get(f"{self._sinks}/arrived", params=query)).json()
        self._seen += len(arrived["texts"])
        self._mails += len(arrived["mails"])
        texts: list[Json] = arrived["texts"]
        for each in (*texts, *arrived["mails"]):
            call = each.get("call") or each["id"]
            self.repeated += call in self._calls and not each["marked"]
            self._calls.add(call)
        self.latest += [f"{text['to']}: {text['body']}" for text in texts]
        return texts

    async def reply(self, number: str, text: str) -> None:
        said = {"service": self._service, "from": number, "body": text}
        (await self._http.post(f"{self._sinks}/replies", json=said)).raise_for_status()

    @property
    def arrived(self) -> tuple[int, int]:
        """Texts and mails so far."""
        return self._seen, self._mails
