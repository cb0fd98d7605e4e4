"""A patient as the services show one: a plan with a changed version, scores over a year, a team's decision, letters."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.browser.fake_door import FakeDoor, Row
from tests.browser.scenes import ASHA, JO, NOW, PEOPLE

PATIENT, REFERRAL, PLAN = (f"30000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
LETTER, MINUTES, DRUGS, ITEM, NOTE = (f"40000000-0000-4000-8000-00000000000{number}" for number in range(1, 6))
NAME = {"given_names": "Mara", "family_name": "Kessler"}
NOT_YOURS = {"title": "Not permitted", "status": 403, "detail": "Staff may for: treatment; say which in X-Purpose."}


def of(**more: Any) -> Row:
    return {"id": ITEM, "version": 1, "patient_id": PATIENT, "referral_id": REFERRAL, **more}


def score(day: str, value: int, band: str, change: int | None) -> Row:
    better = None if change is None else change <= -10
    return {"taken_at": f"{day}T09:00:00Z", "score": str(value), "band": band, "change": change and str(change), "responder": better}


PHQ_BANDS = (("minimal", 0, 5), ("mild", 5, 10), ("moderate", 10, 15), ("moderately_severe", 15, 20), ("severe", 20, 27))
MEASURE = {
    "instrument": "pseq",
    "subscale": None,
    "lowest": 0,
    "highest": 60,
    "higher_is_better": True,
    "rule": "prom.pseq@1",
    "important_change": {"points": "7", "percent": None, "band_changes": True},
    "bands": [
        {"code": code, "above": str(above), "up_to": str(up_to), "ends_before": False}
        for code, above, up_to in (("severe", 0, 20), ("moderate", 20, 30), ("mild", 30, 40), ("minimal", 40, 60))
    ],
    "points": [
        score("2025-12-02", 14, "severe", None),
        score("2026-03-10", 19, "severe", 5),
        score("2026-07-01", 27, "moderate", 13),
        score("2026-11-12", 33, "mild", 19),
    ],
}
PHQ = {
    **MEASURE,
    "instrument": "phq9",
    "highest": 27,
    "higher_is_better": False,
    "rule": "prom.phq_nine@1",
    "important_change": None,
    "bands": [
        {"code": code, "above": str(above), "up_to": str(up_to), "ends_before": True} for code, above, up_to in PHQ_BANDS
    ],
    "points": [score("2025-12-02", 17, "moderately_severe", None), score("2026-11-12", 9, "mild", -8)],
}
STEP = {
    "step": "item",
    "subject_id": ITEM,
    "item_type": "PLAN_REVIEW",
    "queue": "medical",
    "status": "claimed",
    "claimed_by": ASHA,
    "claimed_by_name": "Asha Kumar",
    "due_at": "2026-11-26T17:00:00Z",
}
APPOINTMENT = {"matter": {"purpose": "treatment_session", "discipline": "physiotherapy"}}


def visit(number: int, status: str, start: str, **more: Any) -> Row:
    return of(id=f"50000000-0000-4000-8000-00000000000{number}", status=status, date={"start": start}, **APPOINTMENT, **more)


ANSWERS: Mapping[str, Any] = {
    f"referral/labels?patient_id={PATIENT}": {"labels": [{"patient_id": PATIENT, "label": "MK 4821"}]},
    "referral/summary": {
        "records": [PATIENT],
        "is_dead": False,
        "age_band": "40-49",
        "open_flags": [{"referral_id": REFERRAL, "flag_id": ITEM, "flag": "cauda_equina_neuro", "severity": "emergency"}],
    },
    "referral/contact": {"identity": NAME, "contact": {}},
    "care_plan/safety-alerts": {"alerts": [of(status="raised", withheld=True)]},
    "worklist/next-step": {"episodes": [{"referral_id": REFERRAL, "status": "watched", "next": STEP, "steps": [STEP, {"step": "appointment", "subject_id": ITEM}]}]},
    "notifications/consents": {"consents": [{"channel": "sms", "purpose": "care", "status": "given"}, {"channel": "email", "purpose": "care", "status": "withdrawn"}]},
    "referral/referrals": {
        "referrals": [
            of(
                id=REFERRAL,
                status="visit_completed",
                clock_start="2025-11-03T09:00:00Z",
                target_date="2026-02-01",
                missing=["onset"],
                urgency={"category": "cat_2"},
                red_flags=[{"flag": "cauda_equina_neuro", "result": None}],
                decision={"disposition": "accepted"},
            )
        ]
    },
    f"referral/package/{REFERRAL}": {"reason": "Back pain for two years.", "red_flag_screen": {"cauda_equina_neuro": "yes"}, "onset": None, "medications": [{"drug": "tramadol", "dose": "100 mg"}]},
    "care_plan/opioid-exposure": {"exposures": [{"exposure": "complete", "stated": False, "list_ref": DRUGS, "judged": [{"at": "2025-11-03T09:00:00Z", "mme_per_day": "20", "status": "complete", "risk_factors": ["benzodiazepine"]}]}]},
    "scheduling/appointments": {
        "appointments": [
            visit(1, "fulfilled", "2026-10-05T09:00:00Z"),
            visit(2, "noshow", "2026-11-09T09:00:00Z"),
            visit(3, "booked", "2026-12-01T09:00:00Z"),
        ]
    },
    "scheduling/waiting-list": {"entries": [of(status="left", place={"purpose": "initial_consultation", "category": "cat_2", "target_date": "2026-02-01"})]},
    "scheduling/booking-requests": {"booking_requests": []},
    "scheduling/joint-days": {"joint_days": [of(status="booked", on="2026-12-01", legs=[{"discipline": "physiotherapy", "start": "2026-12-01T09:00:00Z"}, {"discipline": "psychology", "start": "2026-12-01T11:00:00Z"}])]},
    "scheduling/unavailability": {"absences": []},
    "care_plan/plans": {"plans": [of(id=PLAN, status="active", changed_at="2026-11-01T09:00:00Z", course={"plan_version": 2, "started_on": "2026-01-08", "review_on": "2026-12-10", "high_risk": True})]},
    "care_plan/goals": {"goals": [{"id": ITEM, "text": "Walk to the shop and back", "baseline_level": -2, "level": 0, "target_on": "2026-12-24", "status": "active"}]},
    "care_plan/activities": {"activities": [of(status="in-progress", activity_status="in-progress", course={"order": {"discipline": "physiotherapy", "kind": "graded_exercise", "sessions": 8}, "sessions_done": 5})]},
    "care_plan/team": {"team": [{"staff_id": ASHA, "name": "Asha Kumar", "lead": True, "disciplines": []}, {"staff_id": JO["id"], "name": "Jo Park", "lead": False, "disciplines": ["nursing"]}]},
    "care_plan/versions": {
        "versions": [
            {"plan_version": 2, "at": "2026-05-02T09:00:00Z", "reason": "She sleeps badly.", "difference": {"note": {"from": None, "to": "Sleep first."}, "activities": {"added": [{"discipline": "psychology", "kind": "cbt_insomnia"}], "removed": []}}},
            {"plan_version": 1, "at": "2026-01-08T09:00:00Z", "reason": None, "difference": {"goals": {"added": [{"text": "Walk to the shop and back"}], "removed": []}}},
        ]
    },
    "care_plan/measures": {"measures": [MEASURE, PHQ]},
    "care_plan/measure-requests": {"requests": [of(status="requested", due_on="2026-12-08", occasion="review", outstanding=["peg", "pseq"])]},
    "care_plan/consultations": {"consultations": [of(status="completed", kind="initial", started_at="2025-12-10T09:00:00Z", outcome="MDT_PROGRAMME", diagnoses=[{"system": "ICD-11", "code": "MG30.02"}])]},
    "care_plan/mdt-cases": {"cases": [of(status="decided", decisions=[{"at": "2025-12-18T13:00:00Z", "decision": "programme", "attendees": ["physician", "psychologist"], "quorum_met": True, "dissent": True, "note_ref": MINUTES}])]},
    "care_plan/mdt-actions": {"actions": [of(status="open", due_on="2026-12-02", owner_queue="medical", kind="activate_plan")]},
    f"care_plan/contents/{MINUTES}": {"ref": MINUTES, "body": {"summary": "A programme.", "dissent": "Too early for an injection.", "attendees": [ASHA], "actions": {ITEM: "Activate the plan."}}},
    f"care_plan/contents/{DRUGS}": {"ref": DRUGS, "body": {"drugs": [{"name": "tramadol", "dose": "100"}], "complete": True}},
    "notifications/messages": {"messages": [of(status="sent", template="APPOINTMENT_REMINDER", planned_at="2026-11-28T09:00:00Z", channel="sms", subject="Your visit", text="Your visit is on 1 December."), of(status="suppressed", template="DNA_NOTE", planned_at="2026-11-10T09:00:00Z", reason="cap_reached")]},
    "notifications/replies": {"replies": [{"at": "2026-10-03T09:00:00Z", "reply": "free_text", "text": "I will come."}]},
    "care_plan/letters": {"letters": [of(id=LETTER, status="signed", kind="outcome", signed_at="2025-12-19T09:00:00Z", audience=["patient", "referrer"])]},
    f"care_plan/letters/{LETTER}": {"id": LETTER, "text": "Dear colleague,\n\nthank you for sending this patient."},
    "care_plan/contents": {"contents": [{"ref": NOTE, "kind": "note", "written_at": "2026-01-08T09:00:00Z"}]},
    "referral/contents": {"contents": []},
    "scheduling/contents": {"contents": []},
    "notifications/contents": {"contents": []},
}


def fact(number: int) -> Row:
    return {"id": number, "type": "care_plan.plan_activated.v1", "occurred_at": f"2026-01-{number:02}T09:00:00Z", "actor_role": "physician"}


class PatientDoor(FakeDoor):
    """`patient` is what the services say, by service and last part of the path; a test may change it."""

    def __init__(self) -> None:
        super().__init__(NOW, JO, PEOPLE)
        self.patient = dict(ANSWERS)

    def answer(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Any]:
        address = urlsplit(path)
        parts = address.path.strip("/").split("/")
        if parts[0] != "api" or parts[1:3] == ["worklist", "queues"]:
            return super().answer(method, path, body, headers)
        self.asked.append((method, path, body, headers))
        if parts[-1] == "timeline":
            first = 3 if "cursor=2" in address.query else 1
            return 200, {"patient_id": PATIENT, "facts": [fact(first), fact(first + 1)]} | ({"next": 2} if first == 1 else {})
        keys = (f"{parts[1]}/{parts[-1]}?{address.query}", f"{parts[1]}/{parts[-2]}/{parts[-1]}", f"{parts[1]}/{parts[-1]}/{parts[-2]}", f"{parts[1]}/{parts[-1]}")
        for key in keys:
            if key in self.patient:
                found = self.patient[key]
                return found if isinstance(found, tuple) else (200, found)
        return 404, {"title": "Not found", "status": 404, "detail": "There is no such thing."}
