"""A clinic that is asked anything at its doors, and what came of it: no mistake of ours, what is refused named, and
nothing written by it."""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import httpx

from backbone.http.contract import JSON
from backbone.http.identity import Principal
from schemas.topics import QUEUES
from tests.support.access import callers
from tests.support.any_request import FORM, Asked, Operation
from tests.support.memory_clinic import MemoryClinic
from tests.support.referral_http import by

BAD_INPUT = (400, 422)
BY_THEIR_TYPE = {
    "nul-in-address": "the address",
    "idempotency-key-reused": "the header Idempotency-Key",
    "fact-too-large": "the body as a whole",
}
"""Problems whose type says what is wrong; all others say which fields."""
SECONDS_OF_A_STREAM = 0.2
EVERYBODY = "everybody"


class Watch(Protocol):
    """Looks at every table of a service."""

    async def begin(self) -> None: ...

    async def changed(self) -> Sequence[str]:
        """Tables that are not as they were when it began."""


class Doors:
    """`watches` by service; `everybody`: one who may do everything."""

    def __init__(self, clinic: MemoryClinic, watches: Mapping[str, Watch], everybody: Principal) -> None:
        self.clinic = clinic
        self._watches = watches
        self._dice = random.Random(20270309)
        self._ids = ids_in(clinic)
        [patient, *_] = sorted(self._ids["patient_id"])
        self._callers = {**callers(patient), EVERYBODY: everybody}
        self.problems: dict[str, str] = {}
        """By route and kind: the first of each."""
        self.written: set[str] = set()
        """Tables in which something was seen to change where nothing was refused."""

    async def ask(self, operation: Operation, asked: Asked) -> None:
        names = sorted(self._callers)
        name = self._dice.choice((EVERYBODY, EVERYBODY, self._dice.choice(names)))
        who, watch = self._callers[name], self._watches[operation.service]
        url = asked.url(self._known)
        await watch.begin()
        try:
            answer = await self._answer(operation, asked, url, by(who) if who else {})
        except Exception as error:
            return self._note(operation, "raised", f"{type(error).__name__}: {error}", url, name, asked)
        if answer is None:
            return None
        wrote = await watch.changed()
        if not answer.is_error and operation.method != "get":
            self.written.update(wrote)
            wrote = ()
        for kind, problem in {**wrong_with(answer), **({"wrote": ", ".join(wrote)} if wrote else {})}.items():
            self._note(
                operation, f"{kind} {answer.status_code}", f"{problem} {answer.text[:300]}", url, name, asked
            )
        if answer.is_success and operation.method != "get":
            await self.clinic.system.settle()
        return None

    async def _answer(
        self, operation: Operation, asked: Asked, url: str, headers: Mapping[str, str]
    ) -> httpx.Response | None:
        """None for an open view, which never ends."""
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        told += [(name.encode(), value) for name, value in asked.headers]
        if asked.body is not None and "content-type" not in dict(asked.headers):
            told.append((b"content-type", (FORM if operation.is_form else JSON).encode()))
        http = self.clinic.http(operation.service)
        asking = http.request(operation.method.upper(), url, headers=told, content=asked.body)
        if not operation.is_stream:
            return await asking
        try:
            async with asyncio.timeout(SECONDS_OF_A_STREAM):
                return await asking
        except TimeoutError:
            return None

    def _note(self, operation: Operation, kind: str, problem: str, url: str, name: str, asked: Asked) -> None:
        told = f"{operation.name}: {kind}: {problem} for {url} by {name} with {asked.headers} {asked.body!r:.300}"
        self.problems.setdefault(f"{operation.name} {kind}", told)

    def _known(self, name: str) -> str:
        """The id of something that there is, of the kind that is named so."""
        found = self._ids.get(name)
        if found is None:
            kinds = [each for each in self._ids if name.removesuffix("_id") in each]
            found = self._ids[self._dice.choice(kinds)] if kinds else ["11111111-1111-4111-8111-111111111111"]
        return self._dice.choice(found)


def asking(runner: asyncio.Runner, doors: Doors, operation: Operation) -> Callable[[Asked], None]:
    return lambda asked: runner.run(doors.ask(operation, asked))


def ids_in(clinic: MemoryClinic) -> dict[str, list[str]]:
    """What facts name, by the name of the field, and what they are about, by its kind."""
    found: dict[str, set[str]] = defaultdict(set)
    for messages in clinic.system.log.values():
        for each in messages:
            headers = each.headers
            if "ce_aggregateid" in headers:
                found[f"{headers['ce_aggregatetype']}_id"].add(headers["ce_aggregateid"])
            if headers.get("ce_patientid"):
                found["patient_id"].add(headers["ce_patientid"])
            for name, value in (json.loads(each.value) if each.value else {}).items():
                if isinstance(value, str) and name.endswith(("_id", "_ref")):
                    found["ref" if name.endswith("_ref") else name].add(value)
    others = {"queue": QUEUES, "day": ["2027-03-09"], "key": [*found["patient_id"]], "place": ["1"]}
    others |= {"finding": ["phq9_severe"], "attempt": ["1"]}
    return {name: sorted(ids) for name, ids in found.items()} | {
        name: [*some] for name, some in others.items()
    }


def wrong_with(answer: httpx.Response) -> dict[str, str]:
    """By kind."""
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return {"ours": ""}
    if not answer.is_client_error:
        return {}
    if answer.headers.get("content-type") != "application/problem+json":
        return {"no problem": answer.headers.get("content-type", "nothing")}
    said = answer.json()
    if not (said["type"].startswith("urn:huddle:problem:") and said["title"] and said["detail"]):
        return {"unnamed": ""}
    if (
        answer.status_code not in BAD_INPUT
        or said["type"].removeprefix("urn:huddle:problem:") in BY_THEIR_TYPE
    ):
        return {}
    fields = said.get("errors", ())
    named = all(each.get("in") and each.get("detail") and "pointer" in each for each in fields)
    return {} if fields and named else {"no field": said["type"]}
