"""What is read of patients: for whom the table of rights says, recorded before it is answered (PRV-11 to PRV-16,
PRV-23); and what opens when the glass is broken (PRV-12)."""

import ast
from pathlib import Path
from typing import Any

import httpx
import pytest

from backbone.errors import Retryable
from backbone.ids import ROOT, derive
from backbone.model import Service
from schemas.services import NAMES
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRAL_SERVICE
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.feed import PATIENT
from tests.support.memory_clinic import MemoryClinic
from tests.support.ward import HERS, OTHER_PATIENT, Ward

SERVICES = (REFERRAL_SERVICE, SCHEDULING, CARE_PLAN, NOTIFICATIONS, WORKLIST)
ABOUT_NOBODY = {
    "list_queues",
    "get_waits",
    "list_slots",
    "list_meetings",
    "get_group",
    "get_group_actions",
    "get_meeting",
    "get_meeting_actions",
}
"""Counts, free times, a meeting's date: no read of a patient."""
NURSE, PHYSICIAN, PHYSIOTHERAPIST = "nora.quinn", "paul.okafor", "fay.dunn"
COORDINATOR, MANAGER, DIRECTOR, OFFICER = "cora.lind", "mina.cho", "edith.brandt", "ada.voss"
ASKED: dict[str, Any] = {"occasion": "review", "instruments": ["phq9"], "due_on": "2027-03-01"}
SHOULD = {"reason": "She is unconscious and nobody knows her medicines."}


def test_all_services_are_here() -> None:
    assert {service.name for service in SERVICES} == set(NAMES)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_what_is_answered_says_what_it_reads(service: Service) -> None:
    """Whatever route is added, it is a declared read or a known exception."""
    silent = {
        route.handler.__name__
        for route in service.routes
        if route.method == "GET" and not route.public and route.reads is None
    }
    assert silent <= ABOUT_NOBODY


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_kind_that_is_read_has_its_right(service: Service) -> None:
    rights = (
        MemoryClinic("2027-01-04 09:00", (service,), {}).system.workers[service.name].runtime.rules.access
    )
    assert {route.reads for route in service.routes if route.reads} <= rights.kinds.keys()


def kinds_written(service: Service) -> set[str]:
    """The kinds of every `Content(ref, kind, body)` in the service's code."""
    folder = Path(__file__).parent.parent.parent / "services" / service.name
    calls = (
        node
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Content"
    )
    return {ast.literal_eval(call.args[1]) for call in calls}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_kind_of_content_is_read_by_a_right(service: Service) -> None:
    rights = (
        MemoryClinic("2027-01-04 09:00", (service,), {}).system.workers[service.name].runtime.rules.access
    )
    assert kinds_written(service) == service.contents.keys()
    assert set(service.contents.values()) <= rights.kinds.keys()


async def test_of_what_is_written_each_sees_what_they_may_read() -> None:
    ward, answers = await a_ward()
    await ward.plan()
    listed = f"/patients/{PATIENT}/contents"
    for who, kinds in (
        (NURSE, {"answers", "plan", "goal"}),
        (PHYSIOTHERAPIST, {"plan", "goal"}),
        (COORDINATOR, set()),
    ):
        shown = (await read(ward, listed, who)).json()["contents"]
        assert {each["kind"] for each in shown} == kinds
    ward.clinic.known_as("her", "patient", PATIENT)
    ward.clinic.known_as("somebody", "patient", OTHER_PATIENT)
    assert (await read(ward, answers, "her")).json()["body"] == {"phq9": [1] * 9}
    assert (await read(ward, answers, "somebody")).status_code == 404
    assert records(ward)[-1].access.refused and records(ward)[-1].access.lane_keys == (PATIENT,)


async def test_what_was_found_in_answers_is_shown_to_those_who_may_read_them() -> None:
    """PRV-13: a coordinator sees that measures are asked for and when they are due."""
    ward = await Ward().open()
    request = (await ward.asks("/measure-requests", **ASKED, **HERS))["request_id"]
    await ward.asks(f"/measure-requests/{request}/answers", answers={"phq9": [1] * 8 + [2]})
    path = f"/measure-requests/{request}"
    (_, finding), *_ = (await read(ward, path, NURSE)).json()["findings"]
    for who in (COORDINATOR, PHYSIOTHERAPIST):
        shown = await read(ward, path, who)
        assert shown.json()["occasion"] == "review" and finding not in shown.text
    declined = await ward.tries(f"{path}/decline", COORDINATOR)
    assert finding not in declined.text


async def test_who_acts_on_an_alert_is_not_shown_what_they_may_not_read() -> None:
    """Every clinician may take it up; to take up again what somebody else has assessed was a read without a record."""
    ward = await Ward().open()
    request = (await ward.asks("/measure-requests", **ASKED, **HERS))["request_id"]
    await ward.asks(f"/measure-requests/{request}/answers", answers={"phq9": [1] * 8 + [2]})
    path = f"/safety-alerts/{ward.last('safety_alert_raised').subject}"
    said = {"result": "safety_plan", "tool": "C-SSRS", "note": "called, safe tonight"}
    await ward.asks(f"{path}/assess", **said)
    taken = await ward.tries(f"{path}/acknowledge", PHYSIOTHERAPIST)
    assert (taken.status_code, taken.json()["status"]) == (200, "assessed")
    assert not any(word in taken.text for word in ("safety_plan", "suicide", "C-SSRS"))
    assert (await read(ward, path, PHYSIOTHERAPIST)).status_code == 403
    assert (await read(ward, path, NURSE)).json()["result"] == "safety_plan"


async def test_the_end_of_a_days_chain_is_shown_and_says_what_is_missing() -> None:
    ward = await Ward().open()
    plan = await ward.plan(active=False)
    for _ in range(2):
        await ward.reads(f"/plans/{plan['plan_id']}")
    ward.clinic.known_as("an operator", "user", derive(ROOT, "operator"), "operations")
    chain = (await read(ward, "/access-chain/2027-02-25", "an operator")).json()
    assert (chain["number"], chain["broken_at"]) == (2, None) and len(chain["head"]) == 64
    del records(ward)[0]
    assert (await read(ward, "/access-chain/2027-02-25", "an operator")).json()["broken_at"] == 1


async def a_ward() -> tuple[Ward, str]:
    """A patient of whom there is something that not every clinician reads."""
    ward = await Ward().open()
    request = (await ward.asks("/measure-requests", **ASKED, **HERS))["request_id"]
    await ward.asks(f"/measure-requests/{request}/answers", answers={"phq9": [1] * 9})
    return ward, f"/contents/{ward.last('measure_scored').fact['submission_id']}"


async def read(ward: Ward, path: str, who: str, purpose: str | None = None) -> httpx.Response:
    headers = {"x-purpose": purpose} if purpose else {}
    return await ward.clinic.request("GET", "care_plan", path, who, headers=headers)


def records(ward: Ward) -> Any:
    return ward.clinic.system.workers["care_plan"].store.tables.access_record


async def test_a_read_is_recorded_with_who_for_what_and_of_whom() -> None:
    ward = await Ward().open()
    plan = await ward.plan(active=False)
    correlation = derive(ROOT, "a correlation")
    answer = await ward.clinic.request(
        "GET", "care_plan", f"/plans/{plan['plan_id']}", NURSE, headers={"x-correlation-id": correlation}
    )
    [row] = records(ward)
    access = row.access
    assert (access.actor_id, access.kind, access.lane_keys) == (ward.clinic.staff(NURSE), "plan", (PATIENT,))
    assert (access.purpose, access.stated, access.refused) == ("treatment", False, False)
    assert access.correlation_id == correlation and access.resource == f"/plans/{plan['plan_id']}"
    assert answer.headers["x-security-labels"] == "R"


async def test_what_can_not_be_recorded_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    ward = await Ward().open()
    plan = await ward.plan(active=False)

    async def away(access: Any) -> None:
        raise Retryable("the table is full")

    store = ward.clinic.system.workers["care_plan"].store
    monkeypatch.setattr(store.accesses, "record", away)
    assert (await ward.reads(f"/plans/{plan['plan_id']}")).status_code == 503


async def test_a_coordinator_who_asks_for_item_level_answers_is_refused_and_recorded() -> None:
    ward, answers = await a_ward()
    assert (await read(ward, answers, COORDINATOR)).status_code == 403
    [row] = records(ward)
    assert row.access.refused and row.access.kind == "answers"
    assert "glass" not in (await read(ward, answers, COORDINATOR)).json()
    assert (await read(ward, answers, PHYSIOTHERAPIST)).json()["glass"] is True
    assert (await read(ward, answers, NURSE)).json()["body"] == {"phq9": [1] * 9}


@pytest.mark.parametrize(
    ("who", "purpose", "status"),
    [
        (MANAGER, None, 403),
        (MANAGER, "coordination", 200),
        (MANAGER, "treatment", 403),
        (PHYSICIAN, "research", 403),
        (PHYSICIAN, "curiosity", 400),
        (PHYSICIAN, "treatment", 200),
        (COORDINATOR, None, 200),
    ],
)
async def test_a_purpose_is_asked_and_a_manager_must_say_it(
    who: str, purpose: str | None, status: int
) -> None:
    ward = await Ward().open()
    await ward.plan()
    activity = ward.last("activity_ordered").subject
    answer = await read(ward, f"/activities/{activity}", who, purpose)
    assert answer.status_code == status
    if (who, purpose) == (MANAGER, None):
        assert "You may for coordination: say it in X-Purpose." in answer.json()["detail"]


async def test_broken_glass_opens_one_patients_record_to_one_person_for_a_time() -> None:
    ward, answers = await a_ward()
    assert (await read(ward, answers, PHYSIOTHERAPIST)).status_code == 403
    glass = await ward.asks(f"/patients/{PATIENT}/break-glass", PHYSIOTHERAPIST, **SHOULD)
    assert (await read(ward, answers, PHYSIOTHERAPIST)).status_code == 200
    assert records(ward)[-1].access.glass_id == glass["glass_id"]
    assert (await read(ward, answers, "omar.haddad")).status_code == 403
    await ward.clinic.at("2027-02-25 14:00")
    assert (await read(ward, answers, PHYSIOTHERAPIST)).status_code == 403


async def test_broken_glass_of_another_patient_opens_nothing_here() -> None:
    ward, answers = await a_ward()
    await ward.asks(f"/patients/{OTHER_PATIENT}/break-glass", PHYSIOTHERAPIST, **SHOULD)
    assert (await read(ward, answers, PHYSIOTHERAPIST)).status_code == 403


@pytest.mark.parametrize("said", [{}, {"reason": ""}, {"reason": "  "}])
async def test_glass_is_not_broken_without_a_reason(said: dict[str, str]) -> None:
    ward = await Ward().open()
    assert (await ward.tries(f"/patients/{PATIENT}/break-glass", PHYSIOTHERAPIST, **said)).status_code == 422


async def test_who_is_no_clinician_breaks_no_glass() -> None:
    ward = await Ward().open()
    for who in (COORDINATOR, MANAGER):
        assert (await ward.tries(f"/patients/{PATIENT}/break-glass", who, **SHOULD)).status_code == 403


async def test_somebody_else_reviews_broken_glass_within_five_business_days() -> None:
    clinic = MemoryClinic("2027-02-25 13:00", (CARE_PLAN, WORKLIST), {})
    path = f"/patients/{PATIENT}/break-glass"
    glass = (await clinic.ask("POST", "care_plan", path, DIRECTOR, json=SHOULD))["glass_id"]
    assert clinic.open() == ["management BREAK_GLASS_REVIEW 03-04 17:00"]
    review = f"/break-glass/{glass}/review"
    own = await clinic.request("POST", "care_plan", review, DIRECTOR, json={"finding": "justified"})
    assert (own.status_code, own.json()["type"]) == (403, "urn:huddle:problem:not-permitted")
    offered = await clinic.ask("GET", "care_plan", f"/break-glass/{glass}/actions", DIRECTOR)
    assert not [each["action"] for each in offered["actions"] if each["allowed"]], (
        "nobody is offered what is refused"
    )
    shown = await clinic.ask("GET", "care_plan", f"/break-glass/{glass}", OFFICER)
    told = await clinic.ask("GET", "care_plan", f"/break-glass/{glass}/actions", OFFICER)
    assert [each["action"] for each in told["actions"] if each["allowed"]] == ["review_glass"]
    assert (shown["reason"], shown["broken_by"]) == (SHOULD["reason"], clinic.staff(DIRECTOR))
    done = await clinic.ask("POST", "care_plan", review, OFFICER, json={"finding": "justified"})
    assert (done["reviewed_by"], done["finding"]) == (clinic.staff(OFFICER), "justified")
    assert clinic.open() == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_the_officer_sees_who_read_what_and_that_is_a_read_too(service: Service) -> None:
    clinic = MemoryClinic("2027-02-25 13:00", (service,), {})
    path = f"/patients/{PATIENT}/access"
    for who in (PHYSICIAN, COORDINATOR):
        assert (await clinic.request("GET", service.name, path, who)).status_code == 403
    shown = await clinic.ask("GET", service.name, path, OFFICER)
    assert [(each["actor_id"], each["refused"]) for each in shown["accesses"]] == [
        (clinic.staff(COORDINATOR), True),
        (clinic.staff(PHYSICIAN), True),
    ]
    first = await clinic.ask("GET", service.name, f"{path}?limit=1", OFFICER)
    again = await clinic.ask("GET", service.name, f"{path}?limit=10&cursor={first['next']}", OFFICER)
    assert [each["actor_id"] for each in (first["accesses"][0], again["accesses"][0])] == [
        clinic.staff(OFFICER),
        clinic.staff(COORDINATOR),
    ]
    assert (await clinic.request("GET", service.name, f"{path}?cursor=x", OFFICER)).status_code == 400
