"""A hard day of waits and letters: urgency raised and lowered, advice, dates outside the window, visits missed, a
child, somebody whom no message reaches, a letter unsigned, breaches ahead and real."""

import pytest

from tests.support.hard_days import (
    CORA,
    EDITH,
    INES,
    MINA,
    NURSE,
    PAUL,
    HardDay,
    e164,
    person,
)
from tests.support.submissions import flags

pytestmark = pytest.mark.wide


async def test_a_day_of_waits_and_letters() -> None:
    day = HardDay("2027-01-04 08:00")
    child = person("Kay") | {"birth_date": "2012-05-05", "language": "es", "interpreter_needed": True}
    child["contact"] |= {"accessibility": ["wheelchair"], "proxy": "Mother"}
    await day.refers("Kay", patient=child)
    assert day.last("triage_suggested").fact["advisories"] == ["AGE_OUT_OF_RANGE"], "REF-05 proposes"
    await day.waits_for(Kay="cat_2", Tim="cat_2", Uma="cat_3", Val="cat_1", Wes="cat_2", Xia="cat_2")
    await day.refers("Zed")
    await day.refers("Yul")
    needs = (await day.reads("referral", f"/patients/{day.patient['Kay']}/contact", CORA))["contact"]
    assert (needs["language"], needs["interpreter_needed"], needs["accessibility"]) == (
        "es",
        True,
        ["wheelchair"],
    )

    # Urgency is raised for one and lowered for another: targets and the order of booking follow (REF-06)
    await day.at("2027-01-05 09:00")
    for name, category, priority in (("Uma", "cat_1", "urgent"), ("Val", "cat_3", "routine")):
        await day.triages(name, category, accept=False)
        [row] = [row for row in day.rows("BOOK_VISIT") if day.named(row) == name]
        assert (row["priority"], row["category"]) == (priority, category)
    assert [fact.fact["target_date"] for fact in day.facts_of("target_changed")] == [
        "2027-02-03",
        "2028-01-04",
    ]

    # Advice instead of a visit, and another service: code, text and advice; referrer and patient hear (REF-09)
    zed, yul = (f"/referrals/{day.referral[name]}" for name in ("Zed", "Yul"))
    said = {"text": "Not for a clinic like ours", "advice": "Walk a little every day"}
    advised = {"code": "ADVICE_ONLY", "disposition": "advice_only"}
    assert (await day.request("POST", "referral", f"{zed}/reject", PAUL, json=advised)).status_code == 422
    await day.does("referral", f"{zed}/reject", PAUL, **advised, **said)
    await day.does(
        "referral", f"{yul}/redirect", PAUL, code="OUT_OF_CATCHMENT", to_service="other_pain_service", **said
    )
    for name, who in (("Zed", "practice"), ("Yul", "Yul")):
        assert [line.split()[2] for line in day.told(name)[-2:]] == ["REF_DECLINED", "REF_DECLINED_PT"]
        assert (await day.reads("referral", f"/referrals/{day.referral[name]}/advice", who)) == said
    other = await day.request("GET", "referral", f"{zed}/advice", "spine centre")
    assert other.status_code in (403, 404), "a letter is for its own referrer"

    # Dates outside the window, or at short notice that the patient did not accept, are not given (ATT-01)
    tim = f"/booking-requests/{day.wish('Tim')}/appointments"
    for when, why in (("01-11", "short-notice"), ("01-04", "time-is-over"), ("08-30", "slot-too-far")):
        slots = [day.slot(PAUL, f"2027-{when} 09:00")]
        assert await day.refused("scheduling", tim, CORA, slots=slots) == why
    await day.books("Tim", "2027-04-12 09:00")
    kay, xia = await day.books("Kay", "2027-01-20 09:00"), await day.books("Xia", "2027-01-20 10:30")
    uma = await day.books("Uma", "2027-01-21 09:00")

    # Two do not come. A child is exempt by itself, and so is who was not reached (ATT-07, SCH-06)
    day.outside.lost.add(e164("Xia"))
    await day.at("2027-01-20 11:00")
    for visit, reminders, exempt in ((kay, 2, ["minor"]), (xia, 0, [])):
        await day.does("scheduling", f"/appointments/{visit}/did-not-attend", INES)
        missed = day.last("patient_did_not_attend").fact
        assert (missed["reminders_delivered"], missed["exemptions"], missed["counts"]) == (
            reminders,
            exempt,
            False,
        )
    assert {line.split()[1] for line in day.work("Xia")} >= {"CONTACT_FAILED", "DNA_FOLLOWUP", "ATT_REVIEW"}
    await day.at("2027-01-21 08:50")
    assert not [line for line in day.told("Kay") if line.endswith("APPT_DNA sent")], (
        "it comes at ten, unless somebody reaches them first"
    )
    await day.does("care_plan", "/contacts", NURSE, kind="welfare", result="reached", **day.whose("Xia"))
    assert not [line for line in day.work("Xia") if "CONTACT_FAILED" in line], "one call answers all of them"
    for visit in (kay, xia):
        await day.does("scheduling", f"/attendance-cases/{visit}/review", PAUL, decision="reoffer")
    assert {await day.status("Kay"), await day.status("Xia")} == {"waitlisted"}

    # Uma is seen; her letter lies unsigned, which first the doctors and then the manager see (CON-02)
    await day.sees(uma, outcome="ADVICE_AND_GUIDANCE")
    assert await day.status("Uma") == "completed"
    assert day.work("Uma") == ["medical LETTER_SIGN routine 02-04 17:00 ADVICE_AND_GUIDANCE"]
    await day.at("2027-02-12 09:00")
    [letter] = day.rows("LETTER_SIGN")
    assert (letter["level"], letter["priority"]) == (2, "asap")
    sign = f"/consultations/{day.last('consultation_completed').subject}/letter/sign"
    await day.does(
        "care_plan", sign, PAUL, audience=["referrer", "pcp", "patient"], text="Seen; advice given."
    )
    assert not day.rows("LETTER_SIGN") and {"OUTCOME_LETTER", "OUTCOME_LETTER_PT"} == {
        line.split()[2] for line in day.told("Uma")[-2:]
    }

    # Waits: ahead of the breach a manager hears; at the breach one thing to do stands in the queue, not two (REF-07)
    await day.at("2027-03-18 09:00")
    assert sorted(day.named(row) for row in day.rows("WAIT_FORECAST")) == ["Kay", "Wes", "Xia"], (
        "Tim has a date"
    )
    await day.called()
    await day.at("2027-04-05 09:15")
    assert not day.rows("WAIT_FORECAST")
    assert sorted(day.named(row) for row in day.rows("WAIT_BREACH")) == ["Kay", "Tim", "Wes", "Xia"]
    assert MINA in await day.called()
    assert len(day.rows("WAIT_RECHECK")) == 5, "who waits for 90 days is asked how they are (REF-10)"
    wes = f"/referrals/{day.referral['Wes']}"
    await day.does("referral", f"{wes}/wait-reviews", NURSE, result="worse", red_flag_screen=flags())
    assert "REF_TRIAGE" in " ".join(day.work("Wes"))
    await day.does("referral", f"{wes}/entered-in-error", INES, reason="entered_twice")
    await day.books("Xia", "2027-04-19 09:00")
    await day.books("Kay", "2027-04-19 10:30")
    await day.called()
    await day.at("2027-04-14 12:00")
    about = {
        fact.fact["subject_id"] for fact in day.facts_of("escalation_timed_out") if fact.local >= "04-06"
    }
    assert about == {day.referral["Tim"]} and EDITH in await day.called(), (
        "of the others nobody is called any more"
    )
    await day.ends()
