"""The reads behind the patient page: each service lists what there is of a person, under any of their ids."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from backbone.ids import ROOT, derive
from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.patient import PatientsMerged
from schemas.scheduling.v1.appointment import AppointmentBooked
from services.worklist.service import SERVICE as WORKLIST
from tests.component.access.care_plan_things import ABLATION
from tests.support.access import SilentStore
from tests.support.feed import PATIENT, REFERRAL, Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.referral_facts import triage_suggested
from tests.support.resting import clashing
from tests.support.told import at_clinic
from tests.support.ward import EXERCISE, GOAL, HERS, OTHER_PATIENT, PHYSICIAN, PHYSIOTHERAPIST, RECEIVED, Ward

COORDINATOR, NURSE = "cora.lind", "nora.quinn"
OF = f"/patients/{PATIENT}"


async def shown(ward: Ward, path: str, who: str = PHYSICIAN) -> Any:
    answer = await ward.clinic.request("GET", "care_plan", path, who)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def with_scores(ward: Ward, *answers: list[int]) -> None:
    for day, given in enumerate(answers, 26):
        await ward.clinic.at(f"2027-02-{day} 10:00")
        asked: dict[str, Any] = {"occasion": "review", "instruments": ["phq9"], "due_on": "2027-03-01"}
        request = (await ward.asks("/measure-requests", **asked, **HERS))["request_id"]
        await ward.asks(f"/measure-requests/{request}/answers", answers={"phq9": given})


async def test_scores_over_time_stand_on_their_scale_with_its_bands() -> None:
    ward = await Ward().open()
    await with_scores(ward, [2] * 9, [1] * 9)
    [measure] = (await shown(ward, f"{OF}/measures"))["measures"]
    assert (measure["instrument"], measure["lowest"], measure["highest"]) == ("phq9", 0, 27)
    assert [(each["score"], each["band"]) for each in measure["points"]] == [
        ("18", "moderately_severe"),
        ("9", "mild"),
    ]
    ends = [(each["code"], each["above"], each["up_to"]) for each in measure["bands"]]
    assert ends[0] == ("minimal", "0", "5")
    assert ends[-1] == ("severe", "20", "27")
    assert [Decimal(after[1]) for after in ends[1:]] == [Decimal(before[2]) for before in ends[:-1]]


async def test_what_a_score_says_about_psychology_is_for_those_who_read_answers() -> None:
    ward = await Ward().open()
    await with_scores(ward, [3] * 9)
    [minds] = (await shown(ward, f"{OF}/measures", NURSE))["measures"]
    assert "phq9_severe" in minds["points"][0]["findings"]
    [others] = (await shown(ward, f"{OF}/measures", PHYSIOTHERAPIST))["measures"]
    assert others["points"][0] == {
        name: said for name, said in minds["points"][0].items() if name != "findings"
    }
    requests = (await shown(ward, f"{OF}/measure-requests", COORDINATOR))["requests"]
    [answered] = [each for each in requests if each.get("submission_id")]
    single = await shown(ward, f"/measure-requests/{answered['id']}", COORDINATOR)
    assert all("findings" not in each for each in (*requests, single))


async def test_who_may_not_read_about_risk_sees_that_there_is_an_alert_and_nothing_more() -> None:
    ward = await Ward().open()
    await with_scores(ward, [3] * 9)
    [known] = (await shown(ward, f"{OF}/safety-alerts", NURSE))["alerts"]
    assert (known["status"], known["code"], known["severity"]) == ("raised", "suicide_risk", "same_day")
    [alone] = (await shown(ward, f"{OF}/safety-alerts", COORDINATOR))["alerts"]
    ids = {"id", "version", "status", "patient_id", "referral_id", "changed_at", "withheld"}
    assert (alone.keys(), alone["withheld"]) == (ids, True)


async def test_a_plan_tells_its_versions_goals_work_and_team() -> None:
    ward = await Ward().open()
    plan = (await ward.plan())["plan_id"]
    path = f"/plans/{plan}"
    seen = {"if-match": (await ward.reads(path)).headers["etag"]}
    change = {"reason": "She sleeps badly.", "note": "Sleep first."}
    answer = await ward.clinic.request("PATCH", "care_plan", path, PHYSICIAN, json=change, headers=seen)
    assert answer.status_code == 200, answer.text
    [activity] = (await shown(ward, f"{path}/activities"))["activities"]
    await ward.asks(f"/activities/{activity['id']}/accept", PHYSIOTHERAPIST)
    await ward.clinic.system.settle()

    first_page = await shown(ward, f"{path}/versions?limit=1")
    [second] = first_page["versions"]
    assert (second["plan_version"], second["reason"]) == (2, "She sleeps badly.")
    assert second["difference"]["note"] == {"from": None, "to": "Sleep first."}
    [first] = (await shown(ward, f"{path}/versions?cursor={first_page['next']}"))["versions"]
    assert (first["plan_version"], first["by"]) == (1, ward.clinic.staff(PHYSICIAN))
    [goal] = (await shown(ward, f"{path}/goals"))["goals"]
    assert (goal["text"], goal["level"], goal["status"]) == (GOAL["text"], GOAL["baseline_level"], "active")
    [activity] = (await shown(ward, f"{path}/activities"))["activities"]
    assert (activity["status"], activity["course"]["order"]["kind"]) == ("accepted", EXERCISE["kind"])
    team = (await shown(ward, f"{path}/team"))["team"]
    assert [(each["lead"], each["disciplines"]) for each in team] == [(True, []), (False, ["physiotherapy"])]
    assert all(each["name"] for each in team)


async def test_a_team_s_decision_stands_with_its_case_and_its_minutes() -> None:
    ward = await Ward().open()
    team = await ward.in_session()
    said: dict[str, Any] = {
        "meeting_id": team["meeting"],
        "decision": "programme",
        "summary": "A programme.",
        "dissent": "Too early for an injection.",
        "attendees": [],
        "actions": [{"owner_queue": "medical", "due_on": "2027-02-26", "text": "Activate the plan."}],
        "quorum_waived_by": ward.clinic.staff("paul.okafor"),
    }
    await ward.asks(f"/mdt/cases/{team['case']}/decide", **said)
    await ward.clinic.system.settle()
    [case] = (await shown(ward, f"{OF}/mdt-cases", COORDINATOR))["cases"]
    [decided] = case["decisions"]
    assert (case["status"], decided["decision"], decided["dissent"]) == ("decided", "programme", True)
    minutes = await shown(ward, f"/contents/{decided['note_ref']}")
    assert minutes["body"]["dissent"] == "Too early for an injection."
    [action] = (await shown(ward, f"{OF}/mdt-actions", COORDINATOR))["actions"]
    assert (action["status"], action["owner_queue"]) == ("open", "medical")
    await ward.asks(f"/mdt/actions/{action['id']}/complete")
    [done] = (await shown(ward, f"{OF}/mdt-actions", COORDINATOR))["actions"]
    told = [done.get(name) for name in ("status", "owner_queue", "due_on", "note_ref")]
    assert told == ["done", "medical", "2027-02-26", decided["note_ref"]]


async def test_a_consultation_shows_coordinators_when_and_clinicians_what() -> None:
    ward = await Ward().open()
    await ward.in_session()
    [clinician] = (await shown(ward, f"{OF}/consultations"))["consultations"]
    [coordinator] = (await shown(ward, f"{OF}/consultations", COORDINATOR))["consultations"]
    assert clinician["outcome"] == "MDT_PROGRAMME"
    assert "outcome" not in coordinator
    assert coordinator["started_at"] == clinician["started_at"]


async def test_a_dose_is_shown_with_how_it_was_judged() -> None:
    ward = await Ward().open()
    await ward.feed.tell(MedicationsListed(items=(), complete=False))
    [found] = (await shown(ward, f"{OF}/opioid-exposure"))["exposures"]
    assert (found["exposure"], found["judged"][0]["status"]) == ("incomplete", "incomplete")
    assert (await shown(ward, f"/contents/{found['list_ref']}"))["kind"] == "drug_list"


async def test_a_procedure_is_shown_with_the_rules_that_asked_and_what_was_answered() -> None:
    ward = await Ward().open()
    plan = await ward.plan()
    await ward.asks(f"/plans/{plan['plan_id']}/procedures", **ABLATION)
    [ordered] = (await shown(ward, f"{OF}/procedures", COORDINATOR))["procedures"]
    assert (ordered["status"], ordered["order"]["family"]) == ("ordered", "rfa_ct")
    assert [(each["rule"], each["status"]) for each in ordered["overrides"]] == [("PRC-03", "asked")]
    assert ordered["overrides"][0]["override_id"] == ward.last("override_requested").subject
    answer: dict[str, Any] = {"granted": False, "reason": "not_justified"}
    await ward.asks(f"/overrides/{ward.last('override_requested').subject}/decide", **answer)
    [refused] = (await shown(ward, f"{OF}/procedures", COORDINATOR))["procedures"]
    assert [(each["status"], each["granted"]) for each in refused["overrides"]] == [("decided", False)]


async def test_what_does_not_go_together_is_shown_until_a_clinician_lets_it_be() -> None:
    ward = await Ward().open()
    [activity] = (await ward.plan())["activity_ids"]
    await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
    assert (await shown(ward, f"{OF}/conflicts", COORDINATOR))["conflicts"] == []
    conflict = await clashing(ward, activity)
    [found] = (await shown(ward, f"{OF}/conflicts", COORDINATOR))["conflicts"]
    assert (found["id"], found["status"]) == (conflict, "open")
    await ward.asks(f"/conflicts/{conflict}/accept")
    assert (await shown(ward, f"{OF}/conflicts", COORDINATOR))["conflicts"] == []


async def test_a_dose_that_is_lowered_is_shown_with_its_steps_until_that_ends() -> None:
    ward = await Ward().open()
    await ward.feed.tell(MedicationsListed(items=(), complete=False))
    await ward.asks(f"{OF}/opioid-exposure", mme_per_day="90", has_buprenorphine=False)
    steps = [{"on": "2027-06-01", "mme": "60"}]
    await ward.asks(f"{OF}/taper/start", agreed=True, steps=steps)
    [found] = (await shown(ward, f"{OF}/opioid-exposure"))["exposures"]
    assert found["taper"] == {"steps": steps}
    await ward.asks(f"{OF}/taper/end", reason="patient_wish")
    [found] = (await shown(ward, f"{OF}/opioid-exposure"))["exposures"]
    assert "taper" not in found


async def test_a_merged_person_is_shown_whole_page_by_page() -> None:
    ward = await Ward().open()
    await ward.plan()
    merged = PatientsMerged(surviving_id=OTHER_PATIENT, merged_id=PATIENT)
    for key in (OTHER_PATIENT, PATIENT):
        await ward.feed.tell(merged, aggregate=OTHER_PATIENT, patient=key)
    await ward.plan(activities=[{**EXERCISE, "again": True}])
    whole = (await shown(ward, f"/patients/{OTHER_PATIENT}/plans"))["plans"]
    assert [each["patient_id"] for each in whole] == [PATIENT, PATIENT]
    first = await shown(ward, f"/patients/{OTHER_PATIENT}/plans?limit=1")
    second = await shown(ward, f"/patients/{OTHER_PATIENT}/plans?limit=1&cursor={first['next']}")
    assert [each["id"] for each in (*first["plans"], *second["plans"])] == [each["id"] for each in whole]
    assert "next" not in second


async def test_the_next_step_says_what_comes_whose_it_is_and_by_when() -> None:
    clinic = MemoryClinic("2027-01-11 10:00", (WORKLIST,), {}, {"worklist": SilentStore()})
    feed = Feed(clinic.system)
    await feed.tell(RECEIVED)
    path = f"{OF}/next-step"
    none = (await clinic.request("GET", "worklist", path, NURSE)).json()
    assert none["episodes"] == [{"referral_id": REFERRAL, "status": "watched", "steps": []}]
    await feed.tell(triage_suggested())
    [episode] = (await clinic.request("GET", "worklist", path, NURSE)).json()["episodes"]
    first = episode["next"]
    assert (first["item_type"], first["queue"], first["status"]) == ("REF_TRIAGE", "nursing", "waiting")
    seen = {"if-match": '"2"'}
    await clinic.ask("POST", "worklist", f"/items/{first['subject_id']}/claim", NURSE, headers=seen)
    [episode] = (await clinic.request("GET", "worklist", path, COORDINATOR)).json()["episodes"]
    assert (episode["next"]["status"], episode["next"]["claimed_by_name"]) == ("claimed", "Nora Quinn")
    assert episode["next"]["due_at"] == first["due_at"]


async def test_a_visit_that_is_the_next_step_says_when_it_begins() -> None:
    clinic = MemoryClinic("2027-01-11 10:00", (WORKLIST,), {}, {"worklist": SilentStore()})
    feed = Feed(clinic.system)
    start, visit = at_clinic("2027-01-14 09:00"), derive(ROOT, "a visit")
    booked = AppointmentBooked(
        version=1,
        purpose="initial_consultation",
        discipline="medical",
        location="main",
        start=start,
        end=start + timedelta(hours=1),
        remote=False,
        notice_days=3,
    )
    await feed.tell(RECEIVED)
    await feed.tell(booked, aggregate=visit)
    [episode] = (await clinic.request("GET", "worklist", f"{OF}/next-step", NURSE)).json()["episodes"]
    begins, ends = (episode["next"][name] for name in ("start", "until"))
    assert (episode["next"]["step"], episode["next"]["subject_id"]) == ("appointment", visit)
    assert (begins, ends) == ("2027-01-14T14:00:00Z", "2027-01-14T15:00:00Z")
