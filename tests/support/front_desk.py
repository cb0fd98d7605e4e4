"""The whole clinic in memory, with what its people do with referrals and patients."""

from collections.abc import Mapping
from typing import Any, get_args

from schemas.codes import Queue
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.states import Agenda
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRAL
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import SPINE_CENTRE, a_referrer, a_submission

CLERK, REGISTRAR, COORDINATOR, NURSE, PHYSICIAN = (
    *("ines.park", "ines.park", "cora.lind"),
    *("nora.quinn", "paul.okafor"),
)
ALL = (REFERRAL, SCHEDULING, CARE_PLAN, NOTIFICATIONS, WORKLIST)


class Desk:
    """The clinic with what its people do with referrals."""

    def __init__(self) -> None:
        self.clinic = MemoryClinic("2027-01-11 09:00", ALL, {})
        self.sent = 0

    async def send(self, source_id: str = "R-1", who: str = CLERK, **said: Any) -> Any:
        return await self.clinic.ask(
            "POST", "referral", "/referrals", who, json=a_submission(source_id, **said)
        )

    async def do(self, path: str, who: str, **body: Any) -> Any:
        return await self.clinic.ask("POST", "referral", path, who, json=body)

    async def refuses(self, path: str, who: str, **body: Any) -> str:
        answer = await self.clinic.request("POST", "referral", path, who, json=body)
        assert answer.status_code in (403, 409), answer.text
        return str(answer.json()["type"].removeprefix("urn:huddle:problem:"))

    async def read(self, path: str, who: str = CLERK) -> Any:
        return await self.clinic.ask("GET", "referral", path, who)

    async def accept(self, referral: Mapping[str, Any], category: str = "cat_2") -> None:
        path = f"/referrals/{referral['id']}"
        version = (await self.read(path))["version"]
        await self.clinic.ask(
            *("POST", "referral", f"{path}/triage", NURSE),
            json={"category": category, "comment": "as proposed", "accept": True},
            headers={"if-match": f'"{version}"'},
        )

    async def label(self, patient_id: str) -> str:
        return str((await self.read(f"/patients/{patient_id}/label"))["label"])

    def names(self, *services: str) -> list[str]:
        return [fact.name for fact in self.clinic.facts(*services)]

    def last(self, name: str) -> Any:
        return [fact for fact in self.clinic.facts() if fact.name == name][-1]

    def items(self) -> set[str]:
        """Open items, by type."""
        return {row.split()[1] for row in self.clinic.open()}

    def rows(self) -> list[Mapping[str, Any]]:
        topics = [f"worklist.queue.{queue}" for queue in get_args(Queue)]
        return [row for topic in topics for row in self.clinic.table(topic).values()]

    def agenda(self, patient_id: str) -> Agenda:
        rows = self.clinic.system.workers["notifications"].store.tables.states["agenda"]
        state: Agenda = AGENDA.state_decoder.decode(rows[patient_id].body)
        return state

    def contacts(self) -> Mapping[str, Any]:
        return self.clinic.table("referral.contacts")


OTHER = a_referrer("specialist", SPINE_CENTRE)
SHOULDER: dict[str, Any] = {
    "pain_site_character": [{"site": "shoulder"}],
    "condition_codes": ["8B82.0"],
}
