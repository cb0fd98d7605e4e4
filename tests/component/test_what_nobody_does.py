"""What nobody does in time goes up, in its queue and to management; what can't go on waits for its day; and who runs a
clinic without a roster is told that nobody is called."""

from datetime import timedelta
from typing import Any

import pytest

from backbone.http.identity import Principal
from config.loading import SHIPPED
from config.staff import StaffDirectory
from schemas.topics import queue_topic
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.worklist.service import SERVICE as WORKLIST
from tests.support.memory_clinic import MemoryClinic
from tests.support.on_call import OnCall


def notices(day: OnCall) -> list[str]:
    """To whom management's notices went."""
    mails = zip(day.clinic.outside.mailed, day.clinic.outside.mails, strict=True)
    return [to for to, text in mails if "waits too long" in text]


async def test_what_is_overdue_goes_one_level_up_and_then_to_management() -> None:
    day = OnCall("2027-02-05 09:00")
    await day.refer()
    await day.clinic.at("2027-02-12 16:59")
    assert (await day.item("REF_TRIAGE"))["level"] == 0
    await day.clinic.at("2027-02-12 17:00")
    first = await day.item("REF_TRIAGE")
    assert (first["level"], first["priority"]) == (1, "urgent")
    told = len(notices(day))
    half = timedelta(days=7, hours=8) / 2
    assert half == timedelta(hours=88)
    await day.clinic.at("2027-02-16 09:00")
    second = await day.item("REF_TRIAGE")
    assert (second["level"], second["priority"]) == (2, "asap")
    assert notices(day)[told:] == [day.clinic.staff("mina.cho")]
    await day.clinic.at("2027-03-20 09:00")
    assert (await day.item("REF_TRIAGE"))["level"] == 2, "twice, and no more"


async def test_management_is_told_in_clinic_hours() -> None:
    day = OnCall("2027-02-05 16:30")
    await day.refer(suicide_mental_health="yes")
    await day.until("2027-02-07 23:00")
    assert day.last("worklist.item_escalated").fact["level"] >= 2
    assert notices(day) == [], "it is the weekend"
    await day.until("2027-02-08 08:00")
    assert set(notices(day)) == {day.clinic.staff("mina.cho")}


async def change(day: OnCall, item_type: str, what: str, who: str, **body: Any) -> Any:
    item = await day.item(item_type)
    path, etag = f"/items/{item['item_id']}/{what}", {"if-match": f'"{item["version"]}"'}
    return await day.clinic.request("POST", "worklist", path, who, headers=etag, json=body or None)


HOLD = {"reason": "waits_for_patient", "resume_on": "2027-02-10"}


async def test_what_cannot_go_on_is_held_until_its_day() -> None:
    day = OnCall("2027-02-05 09:00")
    await day.refer()
    await change(day, "REF_TRIAGE", "claim", "nora.quinn")
    held = (await change(day, "REF_TRIAGE", "hold", "nora.quinn", **HOLD)).json()
    assert (held["status"], held["resume_on"]) == ("on_hold", "2027-02-10")
    [row] = day.clinic.table(queue_topic("nursing")).values()
    assert row["resume_on"] == "2027-02-10"
    assert (await change(day, "REF_TRIAGE", "claim", "tomas.reyes")).status_code == 409
    await day.clinic.at("2027-02-10 07:59")
    assert (await day.item("REF_TRIAGE"))["status"] == "on_hold"
    await day.clinic.at("2027-02-10 08:00")
    assert (await day.item("REF_TRIAGE"))["status"] == "waiting"


async def test_a_hold_is_taken_back_or_ended_before_its_day() -> None:
    day = OnCall("2027-02-05 09:00")
    await day.refer()
    await change(day, "REF_TRIAGE", "claim", "nora.quinn")
    await change(day, "REF_TRIAGE", "hold", "nora.quinn", **HOLD)
    undone = await change(day, "REF_TRIAGE", "undo", "nora.quinn")
    assert (undone.json()["status"], "resume_on" in undone.json()) == ("claimed", False)
    await change(day, "REF_TRIAGE", "hold", "mina.cho", **HOLD)
    assert (await change(day, "REF_TRIAGE", "resume", "tomas.reyes")).json()["status"] == "waiting"
    past = await change(day, "REF_TRIAGE", "hold", "mina.cho", **HOLD | {"resume_on": "2027-02-05"})
    assert past.json()["type"] == "urn:huddle:problem:date-passed"


async def test_what_is_about_safety_is_never_put_on_hold() -> None:
    day = OnCall("2027-02-05 09:00")
    await day.refer(infection="yes")
    refused = await change(day, "RED_FLAG", "hold", "paul.okafor", **HOLD)
    assert refused.json()["type"] == "urn:huddle:problem:safety-item"


async def test_a_lead_says_how_urgent_it_is_and_that_it_is_seen() -> None:
    day = OnCall("2027-02-05 09:00")
    await day.refer()
    assert (await change(day, "REF_TRIAGE", "priority", "mina.cho", priority="stat")).json()["priority"] == (
        "stat"
    )
    assert (await change(day, "REF_TRIAGE", "priority", "mina.cho", priority="routine")).is_success
    raised = (await change(day, "REF_TRIAGE", "escalate", "mina.cho")).json()
    assert (raised["level"], raised["priority"]) == (1, "urgent")
    for what, body in (("priority", {"priority": "stat"}), ("escalate", {})):
        assert (await change(day, "REF_TRIAGE", what, "nora.quinn", **body)).status_code == 403


async def test_the_physician_on_call_may_claim_at_night_what_is_about_safety_and_nothing_else() -> None:
    night = OnCall("2027-02-05 22:00")
    await night.refer(suicide_mental_health="yes")
    assert await night.claim("REF_TRIAGE", "edith.brandt") == 403
    assert await night.claim("RED_FLAG", "edith.brandt") == 200


@pytest.fixture
def clinic() -> MemoryClinic:
    director = Principal("user", "dd392681-182d-59ae-9c05-9b04963b75ab", ("medical_director",))
    return MemoryClinic("2027-02-05 09:00", (NOTIFICATIONS, WORKLIST), {"director": director})


async def starts(clinic: MemoryClinic, **roster: Any) -> list[str]:
    """Notifications starts with this roster. What it says when it is asked whether it is ready."""
    runtime = clinic.system.workers["notifications"].runtime
    rules = NOTIFICATIONS.load_rules(SHIPPED)
    staff = StaffDirectory.model_validate(rules.staff.model_dump(by_alias=True) | roster)
    runtime.engine.stated = rules.model_copy(update={"staff": staff})
    await runtime.begin()
    await clinic.system.settle()
    answer = await clinic.http("notifications").get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    return [said for said in answer.json()["notices"] if "paged" in said]


async def test_a_clinic_without_a_roster_is_told_that_nobody_is_called_until_it_has_one(
    clinic: MemoryClinic,
) -> None:
    [said] = await starts(clinic, duties=[])
    assert said.startswith(
        "Nobody is paged as coordination, emergency_contact, medical, nursing, on_call_physician"
    )
    assert clinic.open() == ["management ROSTER_INCOMPLETE 02-08 17:00"]
    assert await starts(clinic, duties=[]) == [said]
    assert len([each for each in clinic.facts() if each.name == "roster_found_incomplete"]) == 1
    assert await starts(clinic) == []
    assert clinic.open() == []
    await starts(clinic, duties=[])
    assert clinic.open() == ["management ROSTER_INCOMPLETE 02-08 17:00"], "it may be emptied again"
