"""Who may do what with referrals: every route, every kind of caller; and what is refused leaves nothing behind."""

import pytest

from backbone.ids import ROOT, derive
from services.referral.roles import (
    ASKS_FOR_INFORMATION,
    CLINICIAN,
    DECIDES_DUPLICATES,
    RECORDS_DEATH,
    SUPPLIES_INFORMATION,
    TRIAGE_CLINICIAN,
)
from services.referral.service import SERVICE
from tests.support.access import OUTSIDE, READERS, ROLES, Row, SilentStore, at, differences
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import DIAZEPAM, OXYCODONE, a_submission, flags

STRANGERS = frozenset({"another practice", "another patient", "a partner"})
OURS = frozenset({"our practice", "the patient"})
DUPLICATES = frozenset(DECIDES_DUPLICATES.roles)
SOME_ID = derive(ROOT, "another")
TRIAGES = frozenset(TRIAGE_CLINICIAN.roles)
CLINICIANS = frozenset(CLINICIAN.roles)
SUBMISSION = a_submission(without=("function",), red_flag_screen=flags(infection="yes"))
ADVICE = {"text": "No.", "advice": "Exercise.", "code": "OUT_OF_CATCHMENT"}
OPIOIDS = a_submission("REF-9", medications=[OXYCODONE, DIAZEPAM])
DECLINED = ADVICE | {"code": "DURATION_BELOW_MIN"}


@pytest.mark.wide
async def test_every_route_answers_each_kind_of_caller_as_the_table_says() -> None:
    clinic = MemoryClinic("2027-01-11 09:00", (SERVICE,), {}, {"referral": SilentStore()})
    sent = await clinic.ask("POST", "referral", "/referrals", "ines.park", json=SUBMISSION)
    [patient] = [fact.subject for fact in clinic.facts() if fact.name == "patient_registered"]
    [flag] = [fact.fact["flag_id"] for fact in clinic.facts() if fact.name == "red_flag_raised"]
    declined = await clinic.ask("POST", "referral", "/referrals", "ines.park", json=OPIOIDS)
    await clinic.ask("POST", "referral", f"/referrals/{declined['id']}/reject", "paul.okafor", json=DECLINED)
    path = {"referral_id": sent["id"], "flag_id": flag, "patient_id": patient}
    seen = {"if-match": f'"{sent["version"]}"'}
    rows = {
        name: row._replace(path=path, headers=seen if name == "triage" else {}) for name, row in ROWS.items()
    }
    for route in ("get_advice", "get_referral", "get_referral_actions"):
        rows[route] = at(rows[route], referral_id=declined["id"])
    found = await differences(clinic, SERVICE, rows, patient)
    assert not found, "\n".join(found)


def change(may: frozenset[str], body: object = None) -> Row:
    """Strangers don't learn that there is such a referral."""
    return Row(may, STRANGERS, body=body)


ROWS = {
    "list_referrals": Row(READERS | OUTSIDE - {"a partner"}),
    "submit_referral": Row(
        frozenset({"intake_clerk", "registrar", "care_coordinator", "our practice", "a partner"}),
        body=a_submission("REF-2"),
    ),
    "get_referral": change(READERS | OURS),
    "get_referral_actions": change(READERS | OURS),
    "get_package": change(CLINICIANS | OURS),
    "get_advice": change(READERS | OURS),
    "request_information": change(frozenset(ASKS_FOR_INFORMATION.roles), {}),
    "supply_information": change(
        frozenset(SUPPLIES_INFORMATION.roles & ROLES) | OURS, {"answers": {"function": "x"}}
    ),
    "go_on_without": change(CLINICIANS, {"reason": "Enough is known."}),
    "raise_red_flag": change(CLINICIANS, {"flag": "fracture"}),
    "resolve_red_flag": change(CLINICIANS, {"result": "assessed_continue"}),
    "triage": change(TRIAGES, {"category": "cat_2", "comment": "Fits."}),
    "ask_for_triage": change(CLINICIANS),
    "review_wait": change(CLINICIANS, {"result": "unreachable"}),
    "review_amendment": change(CLINICIANS),
    "accept_referral": change(TRIAGES),
    "reject_referral": change(TRIAGES, ADVICE),
    "redirect_referral": change(TRIAGES, ADVICE | {"to_service": "rheumatology"}),
    "request_cancellation": change(
        frozenset({"care_coordinator"}) | OURS, {"reason": "no_longer_wanted", "by": "patient"}
    ),
    "confirm_cancellation": change(frozenset({"care_coordinator"})),
    "note_interim": change(CLINICIANS, {"note": "We go on."}),
    "follow_outside": Row(frozenset({"a partner"}), body={"move": "visit_scheduled"}),
    "record_outcome": change(CLINICIANS, {"outcome": "advice_given", "note": "By telephone."}),
    "give_up_missed_visit": change(frozenset({"care_coordinator"})),
    "mark_in_error": change(frozenset({"registrar"}), {"reason": "test_data"}),
    "reopen_referral": change(frozenset({"care_coordinator"}), {"reason": "It was another patient."}),
    "link_duplicate": change(DUPLICATES, {"kept_id": SOME_ID}),
    "dismiss_duplicate": change(DUPLICATES | CLINICIANS, {"other_referral_id": SOME_ID}),
    "get_patient_contact": Row(READERS | {"the patient"}, OUTSIDE - {"the patient"}),
    "list_patient_labels": Row(
        READERS | {"service_manager", "privacy_officer"}, query=f"?patient_id={derive(ROOT, 'a patient')}"
    ),
    "get_patient_label": Row(READERS | {"service_manager", "privacy_officer"}),
    "get_patient_summary": Row(READERS | {"the patient"}, OUTSIDE - {"the patient"}),
    "list_referrals_of_patient": Row(READERS | {"the patient"}, OUTSIDE - {"the patient"}),
    "get_patient": Row(READERS | {"service_manager", "privacy_officer"}),
    "list_other_records": Row(READERS | {"service_manager", "privacy_officer"}),
    "get_patient_actions": Row(READERS | {"service_manager", "privacy_officer"}),
    "merge_patients": Row(frozenset({"registrar"}), body={"merged_id": SOME_ID}),
    "undo_merge_of_patients": Row(frozenset({"registrar"}), body={"restored_id": SOME_ID}),
    "decide_erasure": Row(
        frozenset({"privacy_officer"}), body={"result": "refused", "ground": "public_task"}
    ),
    "settle_death": Row(frozenset({"registrar"}), body={"lives": True}),
    "record_death": Row(frozenset(RECORDS_DEATH.roles & ROLES), body={"source": "family"}),
}
