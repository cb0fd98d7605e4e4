"""To whom outside what of a person was disclosed: the officer's list and the person's own, six years back."""

from datetime import timedelta
from typing import Any

from backbone.clock import SimulatedClock
from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from tests.component.test_recalled_letters import OFFICER, recalled
from tests.support.feed import PATIENT
from tests.support.post_room import PostRoom
from tests.support.referral_http import by
from tests.support.submissions import PRACTICE
from tests.support.ward import OTHER_PATIENT, Ward

LIST = f"/patients/{PATIENT}/disclosures"


async def disclosed(ward: Ward, who: str = OFFICER, query: str = "", service: str = "care_plan") -> list[Any]:
    answer = await ward.clinic.request("GET", service, LIST + query, who)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["disclosures"])


async def test_what_was_read_outside_is_listed_for_the_officer_and_for_the_person() -> None:
    ward, letter = await recalled()
    await ward.reads(letter, "patient")
    rows = await disclosed(ward)
    assert {(each["to_kind"], each["resource"], each["purpose"], each["exempt"]) for each in rows} == {
        ("patient", letter, "patient_access", True),
        ("referrer", f"{letter}/recall", None, False),
        ("referrer", letter, "treatment", True),
    }
    ward.clinic.known_as("her", "patient", PATIENT)
    assert await disclosed(ward, "her") == rows
    assert [each["resource"] for each in await disclosed(ward, "her") if each not in rows] == [LIST]


async def test_the_accounting_by_law_leaves_out_treatment_payment_and_operations() -> None:
    ward, letter = await recalled()
    [row] = await disclosed(ward, query="?accounting=true")
    assert (row["to_id"], row["resource"]) == (PRACTICE, f"{letter}/recall")


async def test_what_was_refused_or_read_in_the_house_was_not_disclosed() -> None:
    ward, letter = await recalled()
    ward.clinic.known_as("somebody", "patient", OTHER_PATIENT)
    assert (await ward.reads(letter, "somebody")).status_code == 404
    assert (await ward.reads(LIST, "somebody")).status_code == 404
    assert (await ward.reads(LIST, "practice")).status_code in (403, 404)
    assert {each["to_kind"] for each in await disclosed(ward)} == {"referrer"}


async def test_it_goes_back_six_years_and_no_further() -> None:
    ward, _ = await recalled()
    clock = ward.clinic.system.workers["care_plan"].runtime.clock
    assert isinstance(clock, SimulatedClock)
    before = len(await disclosed(ward))
    clock.move(clock.now() + timedelta(days=6 * 365))
    assert len(await disclosed(ward)) == before
    clock.move(clock.now() + timedelta(days=3))
    assert await disclosed(ward) == []
    assert len(await disclosed(ward, query="?since=2027-01-01")) == before


async def test_messages_to_the_person_and_to_the_practice_are_listed_with_the_way_they_went() -> None:
    room = await PostRoom().ready()
    practice = await room.by_post()
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-06 12:00")
    officer = Principal("user", derive(ROOT, "an officer"), ("privacy_officer",))
    answer = await room.http().get(LIST, headers=by(officer))
    rows = [(each["to_id"], each["kind"], each["way"]) for each in answer.json()["disclosures"]]
    assert sorted(rows) == sorted(
        [(PATIENT, "message APPT_CONFIRMED", "sms"), (practice, "message REF_RECEIVED", "post")]
    )
