"""What a journey needs of a clinic: the same for one in memory and one on Kafka and PostgreSQL."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from httpx import Response

from tests.support.told import Kind, Told


class Clinic(Protocol):
    """Everything is asked over the services' own HTTP routes, and read from the topics."""

    def staff(self, login: str) -> str:
        """The id of a member of staff."""

    def known_as(self, name: str, kind: Kind, subject: str) -> None:
        """Somebody who is not staff has a token from now on."""

    async def at(self, when: str) -> None:
        """Move the clock to this time at the clinic, through every timer that falls due on the way."""

    async def ask(self, method: str, service: str, path: str, who: str, **more: Any) -> Any:
        """A request that must succeed; then everything settles."""

    async def request(self, method: str, service: str, path: str, who: str, **more: Any) -> Response:
        """One that need not succeed; then everything settles."""

    async def news(self) -> Sequence[Told]:
        """Public facts since the last time that this was asked."""

    async def queues(self) -> Sequence[str]:
        """Every open item as the queues' topics show it."""

    async def text_back(self, text: str) -> None:
        """The patient answers the last text message."""

    async def called(self) -> Sequence[str]:
        """Who was paged since the last time that this was asked, by login."""

    async def answer_page(self, login: str) -> None:
        """Whoever was paged answers the last page from their own number."""

    async def lose_texts(self, number: str) -> None:
        """No text arrives there any more."""

    def without(self, service: str) -> AbstractAsyncContextManager[None]:
        """It is down; afterwards it takes in what came meanwhile."""

    async def replay(self, *, forgetting: bool) -> None:
        """Every fact is handled once more; `forgetting`, as if no inbox knew it."""

    async def picture(self) -> Mapping[str, Any]:
        """What a replay must leave as it is."""
