"""Who may do what with plans, measures, alerts and the team: every route, every kind of caller; a refusal leaves
nothing."""

from contextlib import asynccontextmanager
from typing import Any, get_args

import pytest

from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from schemas.codes import Discipline
from services.care_plan.roles import CLINICIAN as ANY_CLINICIAN
from services.care_plan.roles import DESK, LEADS
from services.care_plan.service import SERVICE
from tests.component.access.care_plan_things import ABLATION, activities, investigation, things
from tests.support.access import READERS, ROLES, STAFF, Row, SilentStore, at, differences
from tests.support.feed import PATIENT, REFERRAL
from tests.support.ward import EXERCISE, GOAL, HERS, OTHER_VISIT, VISIT, Ward

DISCIPLINES = {
    f"somebody of {each}": Principal("user", derive(ROOT, each), disciplines=(each,))
    for each in get_args(Discipline)
}
STRANGERS = frozenset({"our practice", "another practice", "another patient", "a partner"})
CLINICIANS = frozenset(ANY_CLINICIAN.roles)
CARE = CLINICIANS | DESK
COORDINATION = DESK | LEADS
PERFORM = frozenset({"somebody of physiotherapy"})
REGISTRARS = frozenset({"registrar", "service_manager", "medical_director"})
WHY = {"reason": "patient_declined"}
LETTER = {"audience": ["referrer", "pcp", "patient"], "text": "Dear colleague"}
PLAN = {**HERS, "goals": [GOAL], "activities": [EXERCISE]}


class ShowsOnePlan(SilentStore):
    """Every query finds the same row: the running plan of a patient."""

    row: Any = None

    @asynccontextmanager
    async def connection(self) -> Any:
        yield self

    async def fetchrow(self, *_: Any) -> Any:
        return self.row

    async def fetch(self, *_: Any) -> Any:
        return []


@pytest.mark.wide
async def test_every_route_answers_each_kind_of_caller_as_the_table_says() -> None:
    store = ShowsOnePlan()
    ward = await Ward(store).open()
    paths = await things(ward)
    store.row = (paths["plan_id"], 3, '{"status":"draft","course":{}}', PATIENT, REFERRAL)
    rows = {name: at(row, **{**paths, **row.path}) for name, row in ROWS.items()}
    for name, path in (await activities(ward)).items():
        rows[name] = at(rows[name], activity_id=path)
    reported = await investigation(ward)
    await ward.asks(f"/investigations/{reported}/report")
    rows["read_investigation"] = at(rows["read_investigation"], investigation_id=reported)
    scored = ward.last("measure_scored").fact["request_id"]
    rows["mark_score_in_error"] = at(rows["mark_score_in_error"], request_id=scored, instrument="phq9")
    version = (await ward.reads(f"/plans/{paths['plan_id']}")).headers["etag"]
    rows["update_plan"] = rows["update_plan"]._replace(headers={"if-match": version})
    found = await differences(ward.clinic, SERVICE, rows, PATIENT, DISCIPLINES)
    assert not found, "\n".join(found)


def theirs(may: frozenset[str], body: object = None) -> Row:
    """Of a patient: strangers don't learn that there is one."""
    return Row(may, STRANGERS, body=body)


def ours(may: frozenset[str], body: object = None) -> Row:
    """Among staff: nobody else learns whether there is one."""
    return Row(may, body=body)


MINDS = frozenset({"psychologist", "nurse"}) | LEADS | {"triage_nurse"}
"""Who reads what was found of somebody at risk."""
LETTER_READERS = CLINICIANS | {"care_coordinator", "the patient", "our practice"}
SEES = READERS | {"the patient"}
ANSWERS = {"answers": {"phq9": [0] * 9}}
ROWS = {
    "start_consultation": ours(CLINICIANS, {"appointment_id": OTHER_VISIT, "kind": "initial"}),
    "list_consultations": ours(READERS),
    "get_consultation": ours(READERS),
    "get_consultation_actions": ours(READERS),
    "complete_consultation": ours(LEADS, {"outcome": "MDT_PROGRAMME"}),
    "abandon_consultation": ours(CLINICIANS, WHY),
    "add_addendum": ours(CLINICIANS, {"text": "She called later."}),
    "record_investigation_result": ours(CLINICIANS, {"result": "no_finding"}),
    "order_investigation": ours(CLINICIANS, {**HERS, "kind": "mri"}),
    "get_investigation": ours(READERS),
    "get_investigation_actions": ours(READERS),
    "note_not_investigated": ours(CARE, {"reason": "did_not_attend"}),
    "order_investigation_again": ours(CARE, {"due_on": "2027-05-03"}),
    "cancel_investigation": ours(CLINICIANS, {"reason": "not_needed"}),
    "report_investigation": ours(CARE),
    "read_investigation": ours(LEADS, {"result": "no_finding"}),
    "get_letter": theirs(LETTER_READERS),
    "list_letters": Row(LETTER_READERS | STRANGERS - {"a partner"}),
    "recall_letter": ours(CARE, {"reason": "wrong_recipient", "note": "The practice of her sister."}),
    "get_letter_actions": ours(READERS | {"privacy_officer", "medical_director", "service_manager"}),
    "review_recall": ours(frozenset({"privacy_officer"}), {"result": "destroyed"}),
    "write_outcome_letter": ours(CLINICIANS, {"text": "Dear colleague"}),
    "write_discharge_letter": theirs(CLINICIANS, {}),
    "sign_outcome_letter": ours(LEADS, LETTER),
    "get_patient_plan": theirs(SEES),
    "draft_plan": ours(CARE, PLAN),
    "get_plan": theirs(CLINICIANS | {"the patient"}),
    "list_plans": theirs(SEES),
    "list_plan_versions": theirs(CLINICIANS | {"the patient"}),
    "list_goals": theirs(CLINICIANS | {"the patient"}),
    "list_activities": theirs(SEES),
    "get_team": theirs(SEES),
    "list_consultations_of_patient": ours(READERS),
    "list_letters_of_patient": theirs(LETTER_READERS - {"our practice"}),
    "list_cases": ours(READERS),
    "list_mdt_actions": ours(READERS),
    "list_investigations": ours(READERS),
    "list_alerts": ours(READERS),
    "list_measure_requests": theirs(SEES),
    "list_scores": theirs(CLINICIANS | {"the patient"}),
    "list_exposures": ours(CLINICIANS),
    "get_plan_actions": theirs(SEES),
    "activate_plan": theirs(LEADS, {"patient_agreement": True}),
    "update_plan": theirs(CLINICIANS, {"reason": "More.", "note": "Start slowly."}),
    "offer_handover": theirs(LEADS, {"to_id": REFERRAL, "reason": "workload"}),
    "accept_handover": theirs(frozenset()),
    "decline_handover": theirs(frozenset()),
    "withdraw_handover": theirs(LEADS),
    "hold_plan": theirs(LEADS, {**WHY, "review_on": "2027-06-01"}),
    "resume_plan": theirs(LEADS),
    "revoke_plan": theirs(LEADS, WHY),
    "mark_plan_in_error": theirs(REGISTRARS, WHY),
    "review_plan": theirs(CLINICIANS, {"result": "continue", "next_review": "2027-05-20"}),
    "open_pifu": theirs(CLINICIANS),
    "use_pifu": theirs(CARE),
    "sign_discharge_letter": theirs(LEADS, LETTER),
    "discharge_patient": theirs(LEADS, {"reason": "DIED"}),
    "decline_discharge": theirs(CLINICIANS, WHY),
    "get_activity": ours(READERS),
    "get_activity_actions": ours(READERS),
    "receive_activity": ours(PERFORM),
    "ask_information": ours(PERFORM, {"whom": "coordination", "what": "history"}),
    "end_question": ours(frozenset({"somebody of coordination"}), {"result": "completed"}),
    "accept_activity": ours(PERFORM),
    "decline_activity": ours(PERFORM, WHY),
    "start_activity": ours(PERFORM),
    "complete_session": ours(PERFORM, {}),
    "pause_activity": ours(CLINICIANS, WHY),
    "resume_activity": ours(CLINICIANS),
    "complete_activity": ours(PERFORM, {"result": "partly_reached"}),
    "stop_activity": ours(PERFORM, WHY),
    "cancel_activity": ours(CARE, WHY),
    "review_activity": ours(CARE, {"decision": "continue"}),
    "request_measures": ours(
        CARE, {**HERS, "occasion": "review", "instruments": ["peg"], "due_on": "2027-03-01"}
    ),
    "get_measure_request": theirs(SEES),
    "get_measure_request_actions": theirs(SEES),
    "answer_measures": theirs(CARE | {"the patient"}, ANSWERS),
    "decline_measures": theirs(CARE | {"the patient"}),
    "mark_score_in_error": ours(CLINICIANS, {"reason": "misheard"}),
    "review_finding": ours(CLINICIANS, {"decision": "talked"}),
    "record_opioid_check": ours(CLINICIANS, {"result": "declined"}),
    "state_opioid_exposure": ours(CLINICIANS, {"mme_per_day": "20", "has_buprenorphine": False}),
    "get_taper": ours(CLINICIANS),
    "get_taper_actions": ours(READERS),
    "start_taper": ours(LEADS, {"agreed": True, "steps": [{"on": "2027-04-01", "mme": "10"}]}),
    "record_taper_step": ours(CLINICIANS, {"mme": "10"}),
    "end_taper": ours(CLINICIANS, {"reason": "paused"}),
    "get_alert": ours(MINDS),
    "get_alert_actions": ours(READERS),
    "acknowledge_alert": ours(CLINICIANS),
    "assess_alert": ours(CLINICIANS, {"result": "no_imminent_risk", "note": "Spoke with the patient."}),
    "close_alert": ours(CLINICIANS),
    "schedule_meeting": ours(COORDINATION, {"start": "2027-03-04T18:00:00Z"}),
    "list_meetings": ours(STAFF | DISCIPLINES.keys()),
    "get_meeting": ours(STAFF | DISCIPLINES.keys()),
    "get_agenda": ours(READERS),
    "ask_team": ours(CARE, {**HERS, "question": "Is surgery still open?"}),
    "get_case": ours(READERS),
    "get_action": ours(READERS),
    "get_meeting_actions": ours(STAFF | DISCIPLINES.keys()),
    "open_meeting": ours(LEADS),
    "close_meeting": ours(LEADS),
    "cancel_meeting": ours(COORDINATION, WHY),
    "get_case_actions": ours(READERS),
    "list_case": ours(COORDINATION, {"meeting_id": REFERRAL, "prep_queues": ["medical"]}),
    "decide_case": ours(
        CLINICIANS,
        {"meeting_id": REFERRAL, "decision": "programme", "summary": "A programme.", "attendees": []},
    ),
    "defer_case": ours(COORDINATION, WHY),
    "withdraw_case": ours(COORDINATION, WHY),
    "get_action_actions": ours(READERS),
    "complete_action": ours(LEADS | {"somebody of medical"}),
    "reassign_action": ours(COORDINATION, {"owner_id": REFERRAL}),
    "cancel_action": ours(COORDINATION, WHY),
    "order_procedure": theirs(LEADS, ABLATION | {"side": "left"}),
    "get_procedure": ours(READERS),
    "get_procedure_actions": ours(READERS),
    "record_procedure_performed": ours(
        CLINICIANS, {"appointment_id": VISIT, "ended_at": "2027-02-25T17:00:00Z"}
    ),
    "record_procedure_outcome": ours(CLINICIANS, {"relief_pct": 80}),
    "cancel_procedure": ours(CLINICIANS, WHY),
    "list_procedures": ours(READERS),
    "list_conflicts": ours(READERS),
    "get_antithrombotic_plan": ours(CLINICIANS),
    "get_hold_plan_actions": ours(READERS),
    "list_hold_texts": theirs(CLINICIANS | {"the patient"}),
    "draft_antithrombotic_plan": ours(frozenset({"proceduralist"}), {}),
    "record_hold_agreement": ours(CLINICIANS, {"drug": "warfarin", "prescriber": "Harbor Cardiology"}),
    "state_renal_function": ours(
        CLINICIANS, {"taken_on": "2027-02-20", "measure": "egfr", "ml_per_min": "62"}
    ),
    "sign_antithrombotic_plan": ours(
        frozenset({"proceduralist"}),
        {"appointment_id": VISIT, "appointment_version": 1, "text": "Take the last one on Sunday."},
    ),
    "get_override": ours(READERS),
    "get_override_actions": ours(READERS),
    "decide_override": ours(frozenset({"physician"}), {"granted": True, "reason": "clinical_need"}),
    "get_conflict": ours(READERS),
    "get_conflict_actions": ours(READERS),
    "accept_conflict": ours(CLINICIANS),
    "record_contact": ours(CARE, {**HERS, "kind": "welfare", "result": "reached"}),
}
assert ROLES >= CARE
