"""A warning waits, and somebody is called until a named person answers: from outside, at night and at the weekend."""

from tests.support.on_call import OnCall

PAUL = ["paul.okafor mail", "paul.okafor text"]
EDITH = ["edith.brandt mail", "edith.brandt text"]
MINA = ["mina.cho mail", "mina.cho text"]
PRIYA = ["priya.nair mail", "priya.nair text"]


async def at_half_past_nine(day: str = "2027-02-05") -> OnCall:
    """In the evening, on a Friday unless it is said otherwise: a positive item 9."""
    night = OnCall(f"{day} 09:00")
    await night.refer()
    await night.until(f"{day} 21:30")
    await night.answers(2)
    return night


async def test_on_friday_evening_the_physician_on_call_is_paged_and_then_the_ladder_is_climbed() -> None:
    night = await at_half_past_nine()
    assert night.pages() == PAUL
    assert await night.until("2027-02-05 21:59") == []
    assert await night.until("2027-02-05 22:00") == sorted(PAUL + MINA)
    assert await night.until("2027-02-05 22:15") == EDITH
    assert await night.until("2027-02-05 22:30") == EDITH
    assert await night.until("2027-02-05 22:45") == EDITH
    assert "management ESCALATION_EXHAUSTED 02-05 22:30" in night.clinic.open()
    await night.text("edith.brandt", f"ok {night.code}")
    assert await night.until("2027-02-06 00:50") == sorted(PAUL + MINA), "acknowledged is not assessed"
    assert night.ladder() == [
        "02-05 21:30 raised same_day 1 until 02-05 22:00",
        "02-05 22:00 timed_out 1 to 2 until 02-05 22:15",
        "02-05 22:15 timed_out 2 to 3 until 02-05 22:30",
        "02-05 22:30 timed_out 3 until 02-05 22:45",
        "02-05 22:45 timed_out 3 until 02-05 23:00",
        "02-05 22:45 acknowledged 3 by edith.brandt page",
        "02-06 00:45 timed_out 3 to 2 until 02-06 01:00",
    ]


async def test_that_nobody_answers_is_one_piece_of_work_however_often_it_happens() -> None:
    """Taken up, not assessed, and nobody answers again: the same item opens again. So it does whatever the patient
    answers meanwhile."""
    night = await at_half_past_nine()
    await night.until("2027-02-05 22:45")
    first = await night.item("ESCALATION_EXHAUSTED")
    await night.answers(3)
    assert (await night.item("ESCALATION_EXHAUSTED"))["item_id"] == first["item_id"]
    await night.text("edith.brandt", f"ok {night.code}")
    assert "ESCALATION_EXHAUSTED" not in str(night.clinic.open())
    await night.until("2027-02-06 02:00")
    again = await night.item("ESCALATION_EXHAUSTED")
    assert (again["item_id"], again["subject_id"]) == (first["item_id"], first["subject_id"])
    names = [
        fact.name
        for fact in night.clinic.facts("worklist")
        if fact.fact.get("item_type") == "ESCALATION_EXHAUSTED"
    ]
    assert (names.count("item_opened"), names.count("item_reopened")) == (1, 1)


async def test_nobody_is_called_any_more_when_a_named_person_has_answered_and_assessed() -> None:
    """Journey 3, 2027-02-18."""
    night = await at_half_past_nine("2027-02-18")
    assert night.pages() == PAUL
    assert "psychology SAFETY_ALERT 02-18 23:30" in night.clinic.open()
    await night.clinic.at("2027-02-18 21:42")
    await night.text("paul.okafor", f"OK {night.code}")
    alert = (await night.item("SAFETY_ALERT"))["subject_id"]
    acknowledged = night.last("care_plan.safety_alert_acknowledged")
    assert acknowledged.fact["by_id"] == night.clinic.staff("paul.okafor")
    assert "ack_due_at" not in await night.item("SAFETY_ALERT")
    path = f"/safety-alerts/{alert}"
    found = {"result": "safety_plan", "tool": "C-SSRS", "note": "called, safe tonight"}
    await night.clinic.at("2027-02-18 22:05")
    await night.clinic.ask("POST", "care_plan", f"{path}/assess", "paul.okafor", json=found)
    await night.clinic.at("2027-02-18 22:10")
    await night.clinic.ask("POST", "care_plan", f"{path}/close", "paul.okafor")
    assert await night.until("2027-02-22 12:00") == []
    assert night.ladder() == [
        "02-18 21:30 raised same_day 1 until 02-18 22:00",
        "02-18 21:42 acknowledged 1 by paul.okafor page",
        "02-18 22:10 resolved",
    ]
    assert not [row for row in night.clinic.open() if "ALERT" in row or "EXHAUSTED" in row]


async def test_on_saturday_at_three_a_cauda_equina_calls_on_call_then_lead_then_everybody() -> None:
    night = OnCall("2027-02-06 03:00")
    await night.refer(cauda_equina_neuro="yes")
    assert night.pages() == PAUL
    assert await night.until("2027-02-06 03:15") == PAUL, "the clinical lead"
    assert await night.until("2027-02-06 03:30") == sorted(EDITH + PAUL)
    assert await night.until("2027-02-06 03:45") == sorted(EDITH + PAUL)
    item = await night.item("RED_FLAG")
    assert item["level"] == 3 and item["priority"] == "stat"
    assert await night.claim("RED_FLAG", "edith.brandt") == 200
    assert night.ladder()[-1] == "02-06 03:45 acknowledged 3 by edith.brandt worklist"
    assert await night.until("2027-02-06 05:44") == []
    assert await night.until("2027-02-06 05:45") == PAUL, "two hours for an assessment"


async def test_every_fact_of_an_escalation_says_whose_it_is() -> None:
    night = await at_half_past_nine()
    await night.text("paul.okafor", f"OK {night.code}")
    for name in ("raised", "acknowledged"):
        headers = night.last(f"notifications.escalation_{name}").headers
        assert (headers["ce_patientid"], headers["ce_referralid"]) == (night.patient, night.referral)


async def test_a_page_says_nothing_of_the_patient_and_how_to_answer() -> None:
    night = await at_half_past_nine()
    text, mail = night.clinic.outside.gateway.texts[-1].body, night.clinic.outside.mails[-1]
    for said in (text, mail):
        assert f"OK {night.code}" in said and "claim" in said and "call +1" in said
        assert not any(word in said.lower() for word in ("suicid", "alex", "phq", "alert", "pain"))


async def test_only_somebody_on_the_ladder_answers_and_only_from_their_own_number() -> None:
    night = await at_half_past_nine()
    await night.text("fay.dunn", f"OK {night.code}")
    await night.text("paul.okafor", "OK")
    await night.text("paul.okafor", f"OK {int(night.code) ^ 1:06}")
    await night.clinic.outside.text_from("+12125550142", f"OK {night.code}")
    await night.clinic.system.settle()
    assert len(night.ladder()) == 1
    assert await night.claim("SAFETY_ALERT", "fay.dunn") == 403
    assert await night.claim("SAFETY_ALERT", "leo.marsh") == 200, "a psychologist, whom no ladder names"
    assert len(night.ladder()) == 1, "works on it; the ladder goes on until somebody on it answers"


async def test_who_was_spoken_with_is_recorded_by_name() -> None:
    night = await at_half_past_nine()
    [shown] = (await night.clinic.ask("GET", "notifications", "/escalations", "cora.lind"))["escalations"]
    assert (shown["level"], shown["ack_due_at"]) == (1, "2027-02-06T03:00:00Z")
    path = f"/escalations/{shown['id']}"
    by = {"by_id": night.clinic.staff("fay.dunn")}
    answer = await night.clinic.request("POST", "notifications", f"{path}/calls", "cora.lind", json=by)
    assert answer.json()["type"] == "urn:huddle:problem:not-on-the-ladder"
    by = {"by_id": night.clinic.staff("mina.cho")}
    seen = await night.clinic.ask("POST", "notifications", f"{path}/calls", "cora.lind", json=by)
    assert (seen["status"], seen["via"], seen["acknowledged_by"]) == ("acknowledged", "phone", by["by_id"])
    assert night.ladder()[-1] == "02-05 21:30 acknowledged 1 by mina.cho phone"


async def test_the_same_warning_once_more_starts_the_ladder_anew() -> None:
    """Here after it was closed; while it is open, as soon as the alert says so."""
    night = await at_half_past_nine()
    first = night.code
    await night.text("paul.okafor", f"OK {first}")
    alert = (await night.item("SAFETY_ALERT"))["subject_id"]
    path = f"/safety-alerts/{alert}"
    found = {"result": "safety_plan", "note": "called, safe tonight"}
    await night.clinic.ask("POST", "care_plan", f"{path}/assess", "paul.okafor", json=found)
    await night.clinic.ask("POST", "care_plan", f"{path}/close", "paul.okafor")
    night.pages()
    await night.clinic.at("2027-02-06 23:00")
    await night.answers(3)
    assert night.pages() == EDITH, "on call at the weekend"
    await night.text("edith.brandt", f"OK {first}")
    assert await night.until("2027-02-06 23:30") == sorted(EDITH + MINA), (
        "the earlier page's code answers nothing"
    )


async def test_a_second_positive_answer_while_the_alert_is_open_starts_the_ladder_anew() -> None:
    night = await at_half_past_nine()
    await night.text("paul.okafor", f"OK {night.code}")
    night.pages()
    await night.clinic.at("2027-02-05 21:50")
    await night.answers(3)
    assert night.pages() == PAUL
    assert night.ladder()[-1] == "02-05 21:50 raised same_day 1 until 02-05 22:20"
    assert (await night.item("SAFETY_ALERT"))["ack_due_at"] == "2027-02-06T03:20:00Z"
    assert await night.until("2027-02-05 22:20") == sorted(PAUL + MINA)


async def test_a_target_that_passed_calls_the_service_manager_until_there_is_a_date() -> None:
    day = OnCall("2027-01-04 09:00")
    await day.refer()
    path = f"/referrals/{day.referral}"
    for what, body in (
        ("triage", {"category": "cat_1", "comment": "seen"}),
        ("accept", {}),
    ):
        seen = await day.clinic.ask("GET", "referral", path, "nora.quinn")
        etag = {"if-match": f'"{seen["version"]}"'}
        await day.clinic.ask("POST", "referral", f"{path}/{what}", "nora.quinn", json=body, headers=etag)
    target = day.last("referral.triaged").fact["target_date"]
    called = await day.until(f"{target} 23:59") + await day.until("2027-02-10 12:00")
    assert "mina.cho text" in called
    assert day.last("notifications.escalation_raised").fact["severity"] == "breach"


async def test_a_flag_on_monday_morning_pages_the_duty_psychologist_first() -> None:
    """Journey 3, 2027-02-01."""
    day = OnCall("2027-02-01 08:30")
    await day.refer(suicide_mental_health="yes")
    assert day.pages() == PRIYA
    assert (await day.item("RED_FLAG"))["ack_due_at"] == "2027-02-01T14:00:00Z"
    assert await day.until("2027-02-01 09:00") == sorted(PAUL + MINA)
    escalated = day.last("worklist.item_escalated").fact
    assert (escalated["item_type"], escalated["cause"]) == ("RED_FLAG", "escalation_timed_out")
    await day.clinic.at("2027-02-01 09:10")
    await day.text("paul.okafor", f"OK {day.code}")
    await day.clinic.at("2027-02-01 09:40")
    flag = (await day.item("RED_FLAG"))["subject_id"]
    seen = await day.clinic.ask("GET", "referral", f"/referrals/{day.referral}", "paul.okafor")
    assert seen["red_flags"][0]["acknowledged_by"] == day.clinic.staff("paul.okafor")
    body = {"result": "assessed_continue", "note": "safety plan in place"}
    path = f"/referrals/{day.referral}/red-flags/{flag}/resolution"
    await day.clinic.ask("POST", "referral", path, "paul.okafor", json=body)
    assert day.ladder() == [
        "02-01 08:30 raised same_day 1 until 02-01 09:00",
        "02-01 09:00 timed_out 1 to 2 until 02-01 09:15",
        "02-01 09:10 acknowledged 2 by paul.okafor page",
        "02-01 09:40 resolved",
    ]
    assert await day.until("2027-02-03 12:00") == []


async def test_an_urgent_flag_at_the_weekend_pages_the_duty_person_when_the_clinic_opens() -> None:
    day = OnCall("2027-02-06 11:00")
    await day.refer(malignancy="yes")
    assert day.pages() == []
    assert await day.until("2027-02-08 08:00") == ["maya.stein mail", "maya.stein text"]
    assert await day.until("2027-02-08 12:00") == MINA
    assert await day.until("2027-02-08 16:00") == EDITH
    assert await day.until("2027-02-09 16:00") == EDITH, "daily"


async def test_nobody_is_called_about_whoever_has_died() -> None:
    night = await at_half_past_nine()
    night.pages()
    path = f"/patients/{night.patient}/death"
    body = {"died_on": "2027-02-05", "source": "family"}
    await night.clinic.ask("POST", "referral", path, "paul.okafor", json=body)
    assert night.ladder()[-1] == "02-05 21:30 resolved"
    assert await night.until("2027-02-07 12:00") == []


async def test_a_replay_of_everything_pages_nobody() -> None:
    night = await at_half_past_nine()
    await night.until("2027-02-05 22:20")
    for forgetting in (False, True):
        before = night.ladder()
        await night.clinic.replay(forgetting=forgetting)
        assert night.pages() == [] and night.ladder() == before


async def test_while_notifications_is_down_the_alert_is_kept_and_the_page_comes_once_when_it_is_up() -> None:
    """PRV-35; journey 3's variant 21:30 to 21:50. The other services go on without it."""
    night = OnCall("2027-02-05 09:00")
    await night.refer()
    await night.until("2027-02-05 21:30")
    workers = night.clinic.system.workers
    down = {name: workers.pop(name) for name in ("notifications", "worklist")}
    shown = await night.answers(2)
    assert shown["crisis"], "whoever answers sees it at once"
    assert night.last("care_plan.safety_alert_raised").fact["severity"] == "same_day"
    await night.clinic.at("2027-02-05 21:50")
    assert night.pages() == []
    workers.update(down)
    await night.clinic.system.settle()
    assert night.pages() == PAUL
    assert night.ladder() == ["02-05 21:50 raised same_day 1 until 02-05 22:20"]
    assert await night.until("2027-02-05 22:19") == []
    assert "psychology SAFETY_ALERT 02-05 23:30" in night.clinic.open()


async def test_a_claim_while_notifications_is_down_is_an_answer_when_it_is_up() -> None:
    night = OnCall("2027-02-05 09:00")
    await night.refer()
    await night.until("2027-02-05 21:30")
    down = night.clinic.system.workers.pop("notifications")
    await night.answers(2)
    await night.clinic.at("2027-02-05 21:40")
    assert await night.claim("SAFETY_ALERT", "paul.okafor") == 200
    night.clinic.system.workers["notifications"] = down
    await night.clinic.system.settle()
    assert night.ladder()[-1].endswith("acknowledged 1 by paul.okafor worklist")
    night.pages()
    assert await night.until("2027-02-05 22:30") == []


async def test_overdue_deadlines_fire_once_at_the_level_that_they_have_reached() -> None:
    night = await at_half_past_nine()
    night.pages()
    down = night.clinic.system.workers.pop("notifications")
    await night.clinic.at("2027-02-06 02:00")
    night.clinic.system.workers["notifications"] = down
    assert await night.until("2027-02-06 02:01") == sorted(PAUL + MINA)
    assert night.ladder()[1:] == ["02-06 02:00 timed_out 1 to 2 until 02-06 02:15"]
