"""Plays the lines of a journey at a clinic, and remembers what was told, so that a line can name what came before."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from tests.support.journeys.line import Line, differences, rendered
from tests.support.journeys.port import Clinic
from tests.support.told import Told, at_clinic


class Play:
    """`problems` are what did not come out as the lines say."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.told: list[Told] = []
        self.problems: list[str] = []
        self._audiences: dict[str, str] = {}
        self._read = 0

    async def play(self, lines: Iterable[Line]) -> None:
        """In order of their times. Raises AssertionError with everything that is different."""
        try:
            for line in sorted(lines, key=lambda each: each.at):
                await self._play(line)
        except BaseException as error:
            error.add_note("\n".join(self.problems))
            raise
        assert not self.problems, "\n" + "\n".join(self.problems)

    async def _play(self, line: Line) -> None:
        await self.clinic.at(line.at)
        if line.does:
            await line.does(self)
        await self.clinic.at(f"{line.at}:59")
        await self.look()
        news, self._read = self.told[self._read :], len(self.told)
        self.problems += differences(line, news, self._audiences, await self.clinic.called())

    async def look(self) -> None:
        """Read what is new."""
        for each in await self.clinic.news():
            self.told.append(each)
            if each.name == "message_scheduled":
                self._audiences[each.fact["message_id"]] = each.fact["audience"]

    async def every(self, name: str, **fields: Any) -> Sequence[Told]:
        """Facts of this name with these values, the oldest first."""
        await self.look()
        return [
            each
            for each in self.told
            if f"{each.service}.{each.name}" == name
            and all(rendered(each.fact.get(key)) == rendered(value) for key, value in fields.items())
        ]

    async def last(self, name: str, **fields: Any) -> Told:
        """The latest of them."""
        found = await self.every(name, **fields)
        assert found, f"no {name} with {fields} so far"
        return found[-1]

    async def post(self, service: str, path: str, who: str, **body: Any) -> Any:
        return await self.clinic.ask("POST", service, path, who, json=body)

    async def decide(self, path: str, who: str, **body: Any) -> Any:
        """About the referral, as the caller saw it."""
        referral = f"/referrals/{(await self.last('referral.received')).subject}"
        seen = await self.clinic.ask("GET", "referral", referral, who)
        etag = {"if-match": f'"{seen["version"]}"'}
        return await self.clinic.ask("POST", "referral", f"{referral}/{path}", who, json=body, headers=etag)

    async def claim(self, item_type: str, who: str, **about: Any) -> None:
        """Staff claim an item before they work on it: the latest of its type."""
        opened = await self.last("worklist.item_opened", item_type=item_type, **about)
        path = f"/items/{opened.subject}"
        seen = await self.clinic.ask("GET", "worklist", path, who)
        etag = {"if-match": f'"{seen["version"]}"'}
        claimed = await self.clinic.ask("POST", "worklist", f"{path}/claim", who, headers=etag)
        assert claimed["status"] == "claimed"

    def slot(self, login: str, when: str) -> dict[str, str]:
        """A time of a member of staff."""
        return {"clinician_id": self.clinic.staff(login), "start": instant(when)}


Deed = Callable[[Play], Awaitable[None]]
"""What somebody does on a line."""


def instant(when: str) -> str:
    """A time at the clinic as it stands on the wire."""
    return at_clinic(when).isoformat().replace("+00:00", "Z")
