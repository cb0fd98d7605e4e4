"""GET …/actions says what the deciders would say, by whom, and where a transfer may go."""

from typing import Any

from services.worklist.service import SERVICE
from tests.support.access import SilentStore
from tests.support.feed import Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.referral_facts import triage_suggested, triaged

NURSE, OTHER_NURSE, LEAD, COORDINATOR = "nora.quinn", "tomas.reyes", "paul.okafor", "cora.lind"


class Desk:
    """One item, in the nurses' queue."""

    def __init__(self) -> None:
        self.clinic = MemoryClinic("2027-01-11 10:00", (SERVICE,), {}, {"worklist": SilentStore()})
        self.feed = Feed(self.clinic.system)

    async def open(self) -> None:
        await self.feed.tell(triage_suggested())
        [row] = self.clinic.table("worklist.queue.nursing").values()
        self.item_id, self.version = row["item_id"], row["version"]

    async def claim(self) -> None:
        seen = {"if-match": f'"{self.version}"'}
        await self.clinic.ask("POST", "worklist", f"/items/{self.item_id}/claim", NURSE, headers=seen)

    async def actions(self, who: str) -> dict[str, Any]:
        answer = await self.clinic.ask("GET", "worklist", f"/items/{self.item_id}/actions", who)
        assert answer["item_id"] == self.item_id
        return {each.pop("action"): each for each in answer["actions"]}

    async def allowed(self, who: str) -> set[str]:
        return {name for name, action in (await self.actions(who)).items() if action["allowed"]}


async def test_a_nurse_may_claim_what_waits_for_nurses() -> None:
    desk = Desk()
    await desk.open()
    assert await desk.allowed(NURSE) == {"claim_item"}
    assert await desk.allowed(COORDINATOR) == set()


async def test_others_are_told_who_may() -> None:
    desk = Desk()
    await desk.open()
    actions = await desk.actions(LEAD)
    may = {"roles": ["nurse", "triage_nurse"], "disciplines": ["nursing"]}
    assert actions["claim_item"] == {"allowed": False, **may}
    leads = ["clinical_lead", "service_manager"]
    assert actions["transfer_item"] == {"allowed": True, "roles": leads, "queues": ["medical"]}
    assert actions["undo_transition"]["allowed"] is False


async def test_the_claimant_may_release_transfer_and_undo() -> None:
    desk = Desk()
    await desk.open()
    await desk.claim()
    moves = {"release_item", "hold_item", "transfer_item", "undo_transition"}
    assert await desk.allowed(NURSE) == moves | {"claim_item", "keep_item"}
    assert await desk.allowed(LEAD) == moves | {"escalate_by_lead", "reprioritise_by_lead"}
    assert await desk.allowed(OTHER_NURSE) == set()
    taken = (await desk.actions(OTHER_NURSE))["claim_item"]
    assert "claimed by" in taken["reason"]
    assert (await desk.actions(OTHER_NURSE))["release_item"]["persons"] == [desk.clinic.staff(NURSE)]


async def test_nothing_is_undone_after_its_window() -> None:
    desk = Desk()
    await desk.open()
    await desk.claim()
    await desk.clinic.at("2027-01-11 10:11")
    assert (await desk.actions(NURSE))["undo_transition"]["reason"] == "it is too late to undo it"


async def test_nobody_can_do_anything_with_what_is_done() -> None:
    desk = Desk()
    await desk.open()
    await desk.feed.tell(triaged())
    assert await desk.actions(NURSE) == {}


async def test_who_may_not_learns_nothing_from_the_version() -> None:
    desk = Desk()
    await desk.open()
    for version in (desk.version, desk.version + 7):
        answer = await desk.clinic.request(
            "POST",
            "worklist",
            f"/items/{desk.item_id}/claim",
            COORDINATOR,
            headers={"if-match": f'"{version}"'},
        )
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:huddle:problem:not-permitted")


async def test_a_refusal_shows_the_item_as_it_stands() -> None:
    desk = Desk()
    await desk.open()
    await desk.claim()
    answer = await desk.clinic.request(
        "POST",
        "worklist",
        f"/items/{desk.item_id}/claim",
        OTHER_NURSE,
        headers={"if-match": f'"{desk.version}"'},
    )
    assert answer.status_code == 412
    assert answer.json()["item"]["claimed_by"] == desk.clinic.staff(NURSE)


async def test_a_row_of_the_queue_and_the_item_itself_say_one_version() -> None:
    desk = Desk()
    await desk.open()
    for what, body in (("claim", None), ("hold", HOLD), ("resume", None), ("claim", None), ("release", None)):
        [row] = desk.clinic.table("worklist.queue.nursing").values()
        path = f"/items/{desk.item_id}"
        shown = await desk.clinic.request("GET", "worklist", path, NURSE)
        assert (shown.json()["version"], shown.headers["etag"]) == (row["version"], f'"{row["version"]}"')
        seen = {"if-match": shown.headers["etag"]}
        await desk.clinic.ask("POST", "worklist", f"{path}/{what}", NURSE, json=body, headers=seen)


HOLD = {"reason": "waits_for_date", "resume_on": "2027-02-01"}
