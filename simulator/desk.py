"""The public interfaces as people use them: staff at the queues, referrers over HTTP or Kafka."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer

Json = dict[str, Any]


CONFLICT, PRECONDITION_FAILED, NOT_FOUND = 409, 412, 404


class Unexpected(RuntimeError):
    """A service answered what nobody foresaw."""


class Refused(Unexpected):
    """What was asked is not possible as things stand now."""


class Desk:
    """Requests with the tokens of named people; counts what was done and what was refused."""

    def __init__(
        self, http: httpx.AsyncClient, addresses: Mapping[str, str], token_of: Callable[[str], str]
    ) -> None:
        self._http = http
        self._addresses = addresses
        self._token_of = token_of
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    async def get(self, service: str, path: str, who: str, **query: Any) -> Json:
        return checked(await self._send("GET", service, path, who, params=query or None))

    async def post(self, service: str, path: str, who: str, **body: Any) -> Json:
        """Raises Unexpected when it is refused."""
        return checked(await self._send("POST", service, path, who, json=body))

    async def offer(self, service: str, path: str, who: str, **body: Any) -> Json | None:
        """What may be refused because somebody was faster or things have changed: counted, and None."""
        answer = await self._send("POST", service, path, who, json=body)
        if answer.status_code not in (CONFLICT, PRECONDITION_FAILED, NOT_FOUND):
            return checked(answer)
        self.refused[
            f"{path.rsplit('/', 1)[-1]}: {answer.json().get('detail', answer.status_code)}"[:90]
        ] += 1
        return None

    async def act(self, item: Json, action: str, who: str, **body: Any) -> Json | None:
        """Claim, release, transfer or undo; None when somebody was faster."""
        answer = await self._send(
            "POST",
            "worklist",
            f"/items/{item['item_id']}/{action}",
            who,
            json=body or None,
            headers={"if-match": f'"{item["version"]}"'},
        )
        if answer.status_code in (CONFLICT, PRECONDITION_FAILED):
            return None
        return checked(answer)

    async def referral(self, referral_id: str, who: str) -> Json:
        return await self.get("referral", f"/referrals/{referral_id}", who)

    async def decide(self, referral: Json, what: str, who: str, **body: Any) -> Json:
        """A command on the referral as it was seen."""
        headers = {"if-match": f'"{referral["version"]}"'}
        path = f"/referrals/{referral['id']}/{what}"
        return checked(await self._send("POST", "referral", path, who, json=body, headers=headers))

    async def revise(self, plan: str, who: str, **body: Any) -> Json:
        """A new version of a care plan, as it was seen just now."""
        seen = await self.get("care_plan", f"/plans/{plan}", who)
        headers = {"if-match": f'"{seen["version"]}"'}
        return checked(
            await self._send("PATCH", "care_plan", f"/plans/{plan}", who, json=body, headers=headers)
        )

    async def submit(self, submission: Mapping[str, Any], who: str) -> Json:
        return checked(await self._send("POST", "referral", "/referrals", who, json=dict(submission)))

    async def _send(
        self,
        method: str,
        service: str,
        path: str,
        who: str,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        given = {"authorization": f"Bearer {self._token_of(who)}"} | dict(headers or {})
        return await self._http.request(method, self._addresses[service] + path, headers=given, **more)


def checked(answer: httpx.Response) -> Json:
    """The body. Raises Unexpected with the problem's sentence."""
    if answer.is_error:
        kind = Refused if answer.status_code in (CONFLICT, PRECONDITION_FAILED) else Unexpected
        raise kind(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:400]}"
        )
    return dict(answer.json())


async def produce(producer: AIOKafkaProducer, submission: Mapping[str, Any]) -> tuple[str, int, int]:
    """The same JSON, to `referral.intake`, under the referral's own id. Topic, partition and offset of the record."""
    key = str(submission["source_id"]).encode()
    at = await producer.send_and_wait("referral.intake", json.dumps(submission).encode(), key=key)
    return at.topic, at.partition, at.offset
