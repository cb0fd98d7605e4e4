"""The public interfaces as people use them: staff at the queues, referrers over HTTP or Kafka."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer

Json = dict[str, Any]


class Unexpected(RuntimeError):
    """A service answered what nobody foresaw."""


class Desk:
    """Requests with the tokens of named people; counts what was done."""

    def __init__(
        self, http: httpx.AsyncClient, referral: str, worklist: str, tokens: Mapping[str, str]
    ) -> None:
        self._http = http
        self._referral = referral
        self._worklist = worklist
        self._tokens = tokens
        self.done: Counter[str] = Counter()

    async def queue(self, queue: str, who: str) -> list[Json]:
        """Everything open in the queue, in its order."""
        items: list[Json] = []
        following: str | None = ""
        while following is not None:
            query = {"limit": "500"} | ({"cursor": following} if following else {})
            page = await self._ask("GET", f"{self._worklist}/queues/{queue}", who, params=query)
            items += page["items"]
            following = page.get("next")
        return items

    async def act(self, item: Json, action: str, who: str, **body: Any) -> Json | None:
        """Claim, release, transfer or undo; None when somebody was faster."""
        answer = await self._send(
            "POST",
            f"{self._worklist}/items/{item['item_id']}/{action}",
            who,
            json=body or None,
            headers={"if-match": f'"{item["version"]}"'},
        )
        if answer.status_code in (httpx.codes.CONFLICT, httpx.codes.PRECONDITION_FAILED):
            return None
        return checked(answer)

    async def referral(self, referral_id: str, who: str) -> Json:
        return await self._ask("GET", f"{self._referral}/referrals/{referral_id}", who)

    async def decide(self, referral: Json, what: str, who: str, **body: Any) -> Json:
        """A command on the referral as it was seen."""
        url = f"{self._referral}/referrals/{referral['id']}/{what}"
        headers = {"if-match": f'"{referral["version"]}"'}
        return checked(await self._send("POST", url, who, json=body, headers=headers))

    async def submit(self, submission: Mapping[str, Any], who: str) -> tuple[int, Json]:
        answer = await self._send("POST", f"{self._referral}/referrals", who, json=dict(submission))
        return answer.status_code, checked(answer)

    async def _ask(self, method: str, url: str, who: str, **more: Any) -> Json:
        return checked(await self._send(method, url, who, **more))

    async def _send(
        self, method: str, url: str, who: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        bearer = {"authorization": f"Bearer {self._tokens[who]}"}
        return await self._http.request(method, url, headers={**bearer, **(headers or {})}, **more)


def checked(answer: httpx.Response) -> Json:
    """The body. Raises Unexpected with the problem's sentence."""
    if answer.is_error:
        raise Unexpected(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:400]}"
        )
    return dict(answer.json())


async def produce(producer: AIOKafkaProducer, submission: Mapping[str, Any]) -> None:
    """The same JSON, to `referral.intake`, under the sender's own id."""
    key = str(submission["source_id"]).encode()
    await producer.send_and_wait("referral.intake", json.dumps(submission).encode(), key=key)
