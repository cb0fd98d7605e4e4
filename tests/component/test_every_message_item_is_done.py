"""Every type of item of messages, pages and of the system itself is opened, and done, by what people really do."""

from collections import Counter
from typing import Any

from backbone.http.identity import Principal
from backbone.model import Service
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRAL
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.catalogue.decide.notifications import NOTIFICATIONS_ROWS
from services.worklist.catalogue.decide.system import system_rows
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_how_to_reach_somebody import AGREED, NUMBER, accept, refer
from tests.component.test_reads_are_recorded import DIRECTOR, OFFICER, SHOULD
from tests.component.test_what_comes_too_early import stuck_for_a_day
from tests.component.test_what_nobody_does import starts
from tests.component.test_who_is_called import at_half_past_nine
from tests.support.feed import PATIENT
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import PRACTICE

NURSE, COORDINATOR, PHYSICIAN = "nora.quinn", "cora.lind", "paul.okafor"
SYSTEM_TYPES = {row.item for row in system_rows()}


def a_clinic(*services: Service) -> MemoryClinic:
    return MemoryClinic("2027-01-04 10:00", services, {"practice": Principal("referrer", PRACTICE)})


async def spoken_with(clinic: MemoryClinic, item_type: str, who: str = COORDINATOR) -> None:
    opened = [fact.fact for fact in clinic.facts("worklist") if fact.name == "item_opened"]
    for item in opened:
        if item["item_type"] == item_type:
            path = f"/messages/{item['subject_id']}/contact"
            await clinic.ask("POST", "notifications", path, who, json={"result": "reached"})


async def nobody_agreed() -> MemoryClinic:
    clinic = a_clinic(REFERRAL, NOTIFICATIONS, WORKLIST)
    await accept(clinic, await refer(clinic, phone=NUMBER))
    await spoken_with(clinic, "NO_CHANNEL")
    return clinic


async def not_delivered() -> MemoryClinic:
    clinic = a_clinic(REFERRAL, NOTIFICATIONS, WORKLIST)
    clinic.outside.lost.add(NUMBER)
    await accept(clinic, await refer(clinic, phone=NUMBER, consents=AGREED))
    await clinic.at("2027-01-06 12:00")
    await spoken_with(clinic, "CONTACT_FAILED")
    return clinic


async def written_back() -> MemoryClinic:
    """Something that somebody reads, and something that somebody calls about at once."""
    clinic = a_clinic(REFERRAL, NOTIFICATIONS, WORKLIST)
    await accept(clinic, await refer(clinic, phone=NUMBER, consents=AGREED))
    await clinic.text_back("can I bring my dog")
    await spoken_with(clinic, "REPLY_READ")
    await clinic.text_back("I want to die")
    await spoken_with(clinic, "CRISIS_CALL", NURSE)
    return clinic


async def nobody_answers() -> MemoryClinic:
    night = await at_half_past_nine()
    await night.until("2027-02-05 22:45")
    await night.text("edith.brandt", f"ok {night.code}")
    await spoken_with(night.clinic, "NO_CHANNEL")
    return night.clinic


async def without_a_roster() -> MemoryClinic:
    clinic = a_clinic(NOTIFICATIONS, WORKLIST)
    await starts(clinic, duties=[])
    await starts(clinic)
    return clinic


async def broken() -> MemoryClinic:
    clinic = a_clinic(CARE_PLAN, WORKLIST)
    path = f"/patients/{PATIENT}/break-glass"
    glass = (await clinic.ask("POST", "care_plan", path, DIRECTOR, json=SHOULD))["glass_id"]
    review: dict[str, Any] = {"finding": "justified"}
    await clinic.ask("POST", "care_plan", f"/break-glass/{glass}/review", OFFICER, json=review)
    return clinic


async def parked() -> MemoryClinic:
    clinic = a_clinic(SCHEDULING, WORKLIST)
    clinic.known_as("operator", "user", clinic.staff(COORDINATOR), "operations")
    clinic.system.produce("referral.events", "R-1", b"{")
    await clinic.system.settle()
    for service in ("scheduling", "worklist"):
        for found in await clinic.ask("GET", service, "/dead-letters", "operator"):
            again = await clinic.ask("POST", service, f"/dead-letters/{found['key']}/retry", "operator")
            assert again["waiting"] == 1, "what is no JSON stays where it is"
            await clinic.ask("POST", service, f"/dead-letters/{found['key']}/skip", "operator")
    return clinic


SCRIPTS = (
    nobody_agreed,
    not_delivered,
    written_back,
    nobody_answers,
    without_a_roster,
    broken,
    parked,
    stuck_for_a_day,
)


async def test_every_type_of_item_of_messages_and_of_the_system_is_opened_and_done() -> None:
    opened, ended = Counter[str](), Counter[str]()
    for script in SCRIPTS:
        clinic = await script()
        for fact in clinic.facts("worklist"):
            if fact.name in ("item_opened", "item_reopened"):
                opened[fact.fact["item_type"]] += 1
            ended[fact.fact.get("item_type", "")] += fact.name == "item_completed"
    wanted = {row.item for row in NOTIFICATIONS_ROWS} | SYSTEM_TYPES
    assert wanted - opened.keys() == set(), "no script opens these"
    left = {item: (opened[item], ended[item]) for item in wanted if opened[item] != ended[item]}
    assert not left, f"opened and done: {left}"
