"""Who is who, over HTTP and facts, in the whole clinic: duplicates, merges, the door."""

import asyncio
from typing import Any

import pytest

from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from tests.support.front_desk import CLERK, COORDINATOR, NURSE, OTHER, REGISTRAR, SHOULDER, Desk
from tests.support.referral_http import by
from tests.support.submissions import a_patient, a_submission, flags

AT_THE_DOOR = Principal("user", derive(ROOT, "somebody"), ("care_coordinator", "registrar"))

FOOT: dict[str, Any] = {"pain_site_character": [{"site": "foot"}], "condition_codes": ["8C10.0"]}


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_the_same_identifier_with_another_phone_overwrites_nothing_and_waits_for_a_person(
    desk: Desk,
) -> None:
    await desk.send()
    changed = {"contact": {"phone": "+1 212 555-0666"}, "family_name": "Other", "birth_date": "1980-01-01"}
    second = await desk.send("R-2", patient=a_patient() | changed, referrer=OTHER, **SHOULDER)
    assert desk.last("duplicate_suspected").fact["basis"] == [
        *("same_identifier", "other_name", "other_birth_date", "other_phone")
    ]
    phones = {row["phone"] for row in desk.contacts().values() if "phone" in row}
    assert phones == {"+12125550142"}
    assert "REF_DUPLICATE_CHECK" in desk.items()
    with pytest.raises(AssertionError, match="duplicate-suspected"):
        await desk.accept(second)


async def test_a_person_takes_the_new_phone_over_or_not(desk: Desk) -> None:
    first = await desk.send()
    changed = a_patient() | {"contact": {"phone": "+1 212 555-0666"}}
    second = await desk.send("R-2", patient=changed, referrer=OTHER, **SHOULDER)
    path = f"/referrals/{second['id']}/duplicate-dismissal"
    await desk.do(path, COORDINATOR, other_referral_id=first["id"], take_over=True)
    phones = {row["phone"] for row in desk.contacts().values() if "phone" in row}
    assert phones == {"+12125550666"}
    assert "REF_DUPLICATE_CHECK" not in desk.items()
    await desk.accept(second)


async def test_another_identifier_with_the_same_name_birth_date_and_phone_is_suspected(desk: Desk) -> None:
    await desk.send()
    await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    assert desk.last("duplicate_suspected").fact["basis"] == ["same_name_birth_date_phone"]
    assert desk.names().count("patient_registered") == 2


async def test_the_same_body_site_in_an_open_referral_is_suspected_and_linked(desk: Desk) -> None:
    first = await desk.send()
    await desk.accept(first, "cat_3")
    await desk.clinic.at("2027-01-20 09:00")
    second = await desk.send("R-2", referrer=OTHER)
    assert desk.last("duplicate_suspected").fact["basis"] == ["same_body_site", "same_condition"]
    linked = await desk.do(f"/referrals/{second['id']}/duplicate-link", COORDINATOR, kept_id=first["id"])
    assert linked["status"] == "cancelled"
    told = desk.last("duplicate_linked")
    assert told.subject == first["id"]
    assert told.fact["duplicate_id"] == second["id"]
    assert told.fact["clock_start"].startswith("2027-01-11T14:00")
    kept = await desk.read(f"/referrals/{first['id']}")
    assert kept["attached"]
    assert not any(second["id"] in row for row in desk.items())
    messages = [f for f in desk.clinic.facts("notifications") if f.fact.get("template") == "REF_DUPLICATE"]
    assert len({fact.fact["message_id"] for fact in messages}) == 2
    assert "REF_DUPLICATE_CHECK" not in desk.items()


async def test_the_kept_referral_moves_to_the_earlier_clock_and_the_higher_urgency(desk: Desk) -> None:
    first = await desk.send()
    await desk.clinic.at("2027-01-20 09:00")
    second = await desk.send("R-2", **SHOULDER)
    await desk.accept(second, "cat_3")
    path = f"/referrals/{first['id']}"
    version = (await desk.read(path))["version"]
    await desk.clinic.ask(
        *("POST", "referral", f"{path}/triage", NURSE),
        json={"category": "cat_1", "comment": "sooner"},
        headers={"if-match": f'"{version}"'},
    )
    await desk.do(f"{path}/duplicate-link", COORDINATOR, kept_id=second["id"])
    kept = await desk.read(f"/referrals/{second['id']}")
    assert kept["urgency"]["category"] == "cat_1"
    assert kept["clock_start"].startswith("2027-01-11")
    assert kept["target_date"] == "2027-02-10"
    assert desk.last("target_changed").fact["cause"] == "merge"


async def test_the_question_of_the_kept_referral_is_answered_with_the_link(desk: Desk) -> None:
    """Asked of the later one, which is kept: nobody is left with work that can't be done."""
    first = await desk.send()
    second = await desk.send("R-2")
    assert "REF_DUPLICATE_CHECK" in desk.items()
    await desk.do(f"/referrals/{first['id']}/duplicate-link", COORDINATOR, kept_id=second["id"])
    assert "REF_DUPLICATE_CHECK" not in desk.items()


async def test_what_ended_within_the_window_is_looked_at_and_never_rejected(desk: Desk) -> None:
    first = await desk.send()
    ending = {"code": "OUT_OF_CATCHMENT", "to_service": "rheumatology", "text": "No.", "advice": "There."}
    await desk.do(f"/referrals/{first['id']}/redirect", NURSE, **ending)
    await desk.clinic.at("2027-06-01 09:00")
    second = await desk.send("R-2", **SHOULDER)
    assert desk.last("duplicate_suspected").fact["basis"] == ["seen_recently"]
    assert (await desk.read(f"/referrals/{second['id']}"))["status"] == "received"


async def test_two_patients_are_merged_and_given_back_by_name(desk: Desk) -> None:
    first = await desk.send()
    second = await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    one, other = first["patient_id"], second["patient_id"]
    merged = await desk.do(f"/patients/{one}/merge", REGISTRAR, merged_id=other)
    assert merged["merged"] == [other]
    told = [fact for fact in desk.clinic.facts() if fact.name == "patients_merged"]
    assert {fact.subject for fact in told} == {one, other}
    assert await desk.label(other) == await desk.label(one)
    undone = await desk.do(f"/patients/{one}/merge-undo", REGISTRAR, restored_id=other)
    assert undone["merged"] == []
    back = [fact for fact in desk.clinic.facts() if fact.name == "merge_undone"]
    assert {fact.subject for fact in back} == {one, other}
    assert await desk.label(other) != await desk.label(one)


async def test_a_referral_that_came_while_two_were_taken_for_one_is_looked_at_when_that_is_undone(
    desk: Desk,
) -> None:
    """Under the identifier of the one, and filed under the other: nobody would see whose the warning is."""
    first = await desk.send()
    second = await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    await desk.do(f"/patients/{first['patient_id']}/merge", REGISTRAR, merged_id=second["patient_id"])
    third = await desk.send("R-3", patient=a_patient("P-2"), **FOOT)
    assert third["patient_id"] == first["patient_id"] and not third["suspicions"]
    await desk.do(f"/patients/{first['patient_id']}/merge-undo", REGISTRAR, restored_id=second["patient_id"])
    asked = [row for row in desk.rows() if row["item_type"] == "REF_DUPLICATE_CHECK"]
    assert third["id"] in {row["referral_id"] for row in asked}
    [why] = (await desk.read(f"/referrals/{third['id']}"))["suspicions"]
    assert why["basis"] == ["merge_undone"]
    await desk.do(f"/referrals/{third['id']}/entered-in-error", REGISTRAR, reason="wrong_patient")
    again = await desk.send("R-4", patient=a_patient("P-2"), **FOOT)
    assert again["patient_id"] == second["patient_id"]


async def test_of_two_people_who_decide_at_once_one_wins_and_the_other_is_told(desk: Desk) -> None:
    first, second = await desk.send(), await desk.send("R-2", **SHOULDER)
    kept = [{"kept_id": each["id"]} for each in (second, first)]
    path = "/referrals/{}/duplicate-link"
    assert await at_once(desk, (path, first, kept[0]), (path, second, kept[1])) == [200, 409]
    states = [(await desk.read(f"/referrals/{each['id']}"))["status"] for each in (first, second)]
    assert sorted(states) == ["cancelled", "received"]
    third = await desk.send("R-3", patient=a_patient("P-3"), **FOOT)
    one, other = ({"id": each["patient_id"]} for each in (second, third))
    merges = [("/patients/{}/merge", one, {"merged_id": other["id"]})]
    merges += [("/patients/{}/merge", other, {"merged_id": one["id"]})]
    assert await at_once(desk, *merges) == [200, 409]
    undos = [
        ("/patients/{}/merge-undo", of, {"restored_id": it["id"]}) for of, it in ((one, other), (other, one))
    ]
    assert await at_once(desk, *undos, *undos) == [200, 409, 409, 409]


async def at_once(desk: Desk, *asked: tuple[str, Any, dict[str, str]]) -> list[int]:
    """By one who is coordinator and registrar; nobody sees what the other did before asking."""
    asking = (
        desk.clinic.http("referral").post(path.format(of["id"]), json=body, headers=by(AT_THE_DOOR))
        for path, of, body in asked
    )
    answers = await asyncio.gather(*asking)
    await desk.clinic.system.settle()
    return sorted(each.status_code for each in answers)


async def test_a_sender_finds_its_referral_by_its_own_identifier(desk: Desk) -> None:
    sent = await desk.send()
    found = await desk.read("/referrals?source_system=ehr-main-street&source_id=R-1")
    assert [each["id"] for each in found["referrals"]] == [sent["id"]]


async def test_days_that_are_still_to_come_are_refused_with_their_fields(desk: Desk) -> None:
    said = a_submission(patient=a_patient() | {"birth_date": "2030-01-01"}, onset={"began_on": "2028-01-01"})
    answer = await desk.clinic.request("POST", "referral", "/referrals", CLERK, json=said)
    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert pointers == {"/patient/birth_date", "/answers/onset/began_on"}


async def test_a_single_name_is_enough_for_the_identity(desk: Desk) -> None:
    person = {name: value for name, value in a_patient().items() if name != "family_name"}
    sent = await desk.send(patient=person)
    assert "identity" not in sent["missing"]


@pytest.mark.parametrize("path", ["/referrals?source=X", "/referrals?patient=1"])
async def test_an_unknown_filter_is_refused(desk: Desk, path: str) -> None:
    answer = await desk.clinic.request("GET", "referral", path, CLERK)
    assert answer.status_code == 400


async def test_how_a_person_is_reached_and_what_they_agreed_to_holds_over_both_records(desk: Desk) -> None:
    first = await desk.send()
    second = await desk.send(
        "R-2",
        patient=a_patient("P-2") | {"contact": {"phone": "+1 212 555-0777"}, "family_name": "Else"},
        **SHOULDER,
    )
    one, other = first["patient_id"], second["patient_id"]
    said = {"channel": "sms", "given": True}
    await desk.clinic.ask("POST", "notifications", f"/patients/{other}/consents", COORDINATOR, json=said)
    await desk.do(f"/patients/{one}/merge", REGISTRAR, merged_id=other)
    assert desk.contacts()[other]["phone"] == "+12125550142"
    assert desk.agenda(one).consents == desk.agenda(other).consents == {"sms": True}
    withdrawn = said | {"given": False}
    await desk.clinic.ask("POST", "notifications", f"/patients/{one}/consents", COORDINATOR, json=said)
    await desk.clinic.ask("POST", "notifications", f"/patients/{one}/consents", COORDINATOR, json=withdrawn)
    assert desk.agenda(other).consents == {"sms": False}
    await desk.do(f"/patients/{one}/merge-undo", REGISTRAR, restored_id=other)
    assert desk.contacts()[other]["phone"] == "+12125550777"
    await desk.clinic.ask("POST", "notifications", f"/patients/{one}/consents", COORDINATOR, json=said)
    assert desk.agenda(one).consents == {"sms": True}
    assert desk.agenda(other).consents == {"sms": False}


async def test_a_death_recorded_for_one_record_holds_for_the_other(desk: Desk) -> None:
    first = await desk.send()
    second = await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    await desk.do(f"/patients/{first['patient_id']}/merge", REGISTRAR, merged_id=second["patient_id"])
    await desk.do(f"/patients/{second['patient_id']}/death", NURSE, source="family")
    told = {fact.subject for fact in desk.clinic.facts() if fact.name == "patient_deceased"}
    assert told == {first["patient_id"], second["patient_id"]}
    assert not desk.items()


async def test_who_refers_somebody_recorded_as_dead_is_told_so_and_whom_to_call(desk: Desk) -> None:
    first = await desk.send()
    await desk.do(f"/patients/{first['patient_id']}/death", NURSE, source="family")
    before = desk.names()
    late = a_submission("R-9", **SHOULDER, red_flag_screen=flags(cauda_equina_neuro="yes"))
    answer = await desk.clinic.request("POST", "referral", "/referrals", CLERK, json=late)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:huddle:problem:patient-died")
    assert answer.json()["urgent"]
    assert desk.names() == before, "nothing is made of it, so nothing can be forgotten"


async def test_what_is_said_late_of_a_referral_of_before_the_death_is_kept(desk: Desk) -> None:
    first = await desk.send()
    await desk.do(f"/patients/{first['patient_id']}/death", NURSE, source="family")
    again = await desk.send(red_flag_screen=flags(cauda_equina_neuro="yes"))
    assert again["id"] == first["id"]
    assert desk.names().count("red_flag_raised") == 1


async def test_whether_somebody_seen_lately_is_taken_again_a_clinician_decides(desk: Desk) -> None:
    first = await desk.send()
    ending = {"code": "OUT_OF_CATCHMENT", "to_service": "rheumatology", "text": "No.", "advice": "There."}
    await desk.do(f"/referrals/{first['id']}/redirect", NURSE, **ending)
    second = await desk.send("R-2", **SHOULDER)
    [item] = [row for row in desk.rows() if row["item_type"] == "REF_DUPLICATE_CHECK"]
    assert item["queue"] == "nursing"
    path, other = f"/referrals/{second['id']}/duplicate-dismissal", {"other_referral_id": first["id"]}
    assert await desk.refuses(path, COORDINATOR, **other) == "not-permitted"
    await desk.do(path, NURSE, **other)
    assert "REF_DUPLICATE_CHECK" not in desk.items()
