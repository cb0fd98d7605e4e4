"""A patient's absence beyond what a patient may enter: it counts so far, and a person decides about the rest."""

from tests.component.test_waits_and_dates import CORA, Clinic, clinic

__all__ = ["clinic"]


async def test_a_long_absence_is_a_wish_that_a_coordinator_grants_or_refuses_by_name(clinic: Clinic) -> None:
    await clinic.refer()
    clinic.known_as("the patient", "patient", clinic.patient)
    absence = {"referral_id": clinic.referral, "kind": "patient_advised", "start": "2027-01-11"}
    path = f"/patients/{clinic.patient}/unavailability"
    asked = await clinic.post(path, "the patient", **absence, end="2027-07-30")
    target = clinic.last("target_changed").fact["target_date"]
    assert target == "2027-07-03", "90 days later; not 200"
    assert clinic.items("ABSENCE_CHECK")
    decision = f"/unavailability/{asked['period_id']}/decision"
    answer = await clinic.request("POST", "scheduling", decision, "the patient", json={"decision": "grant"})
    assert answer.status_code == 403
    await clinic.post(decision, CORA, decision="grant")
    assert clinic.last("unavailability_ended").fact["decided_by"] == clinic.staff(CORA)
    assert clinic.last("target_changed").fact["target_date"] == "2027-10-21"
    assert not clinic.items("ABSENCE_CHECK")


async def test_an_open_absence_that_the_patient_ends_moves_the_target_by_no_more(clinic: Clinic) -> None:
    await clinic.refer("cat_3")
    clinic.known_as("the patient", "patient", clinic.patient)
    absence = {"referral_id": clinic.referral, "kind": "patient_advised", "start": "2027-01-11"}
    path = f"/patients/{clinic.patient}/unavailability"
    period = (await clinic.post(path, "the patient", **absence))["period_id"]
    await clinic.at("2027-06-01 12:00")
    await clinic.post(f"/unavailability/{period}/end", "the patient", end="2027-06-01")
    changed = clinic.last("target_changed").fact
    assert (changed["target_date"], clinic.last("unavailability_requested").fact["end"]) == (
        "2028-04-03",
        "2027-06-01",
    )
    assert clinic.items("ABSENCE_CHECK")
    await clinic.post(f"/unavailability/{period}/decision", CORA, decision="refuse")
    assert not clinic.items("ABSENCE_CHECK")
    assert clinic.last("unavailability_refused").fact["decided_by"] == clinic.staff(CORA)
    assert clinic.last("target_changed").fact == changed
