"""Journey 1 from the plan's draft to the booked dates: the lines from 2027-02-19 until 2027-03-02."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tests.support.journeys.line import Line
from tests.support.journeys.meeting import action, lists, meets
from tests.support.journeys.play import Deed, Play

OWNERS = {
    "physiotherapy": "fay.dunn",
    "psychology": "priya.nair",
    "occupational_therapy": "omar.haddad",
    "pharmacy": "rosa.vidal",
}
GOALS = [
    {
        "text": "Walk to the lake",
        "weight": 2,
        "baseline_level": -1,
        "domain": "function",
        "target_on": "2027-06-30",
    },
    {
        "text": "Sleep six hours",
        "weight": 1,
        "baseline_level": -1,
        "domain": "sleep",
        "target_on": "2027-06-30",
    },
]
ACTIVITIES: list[dict[str, Any]] = [
    {"discipline": "physiotherapy", "kind": "exercise", "assessment": True, "sessions": 8, "every_days": 7},
    {"discipline": "psychology", "kind": "cbt_cp", "assessment": True, "sessions": 12, "every_days": 7},
    {
        "discipline": "occupational_therapy",
        "kind": "pacing",
        "assessment": True,
        "sessions": 6,
        "every_days": 14,
    },
    {"discipline": "pharmacy", "kind": "reconciliation", "assessment": False, "remote": True, "sessions": 1},
]
PREPARING = ["medical", "physiotherapy", "psychology", "occupational_therapy", "pharmacy"]
JOINT_DAY = {
    "physiotherapy": "2027-03-09 09:00",
    "psychology": "2027-03-09 10:30",
    "occupational_therapy": "2027-03-09 13:00",
}


def dates(first: str, count: int, every_days: int, time: str) -> Sequence[str]:
    day = date.fromisoformat(first)
    return [f"{day + number * timedelta(days=every_days)} {time}" for number in range(count)]


def minutes(when: str, count: int) -> str:
    """So many minutes later, on the same day."""
    day, time = when.split()
    hour, minute = divmod(int(time[:2]) * 60 + int(time[3:]) + count, 60)
    return f"{day} {hour:02}:{minute:02}"


SERIES = {
    "physiotherapy": dates("2027-03-16", 8, 7, "09:00"),
    "psychology": dates("2027-03-17", 12, 7, "10:30"),
    "occupational_therapy": dates("2027-03-18", 6, 14, "13:00"),
    "pharmacy": ["2027-03-03 10:00"],
}


async def draft_and_look(play: Play) -> None:
    await drafts(GOALS, ACTIVITIES)(play)
    await play.claim("PSY_SUGGEST", "paul.okafor")
    await looks_at("pcs", "pcs_high", "psychology_ordered")(play)


def drafts(goals: Sequence[dict[str, Any]], activities: Sequence[dict[str, Any]]) -> Deed:
    async def does(play: Play) -> None:
        await play.claim("PLAN_DRAFT", "paul.okafor")
        said = {
            "patient_id": (await play.last("referral.patient_registered")).subject,
            "referral_id": (await play.last("referral.received")).subject,
            "consultation_id": (await play.last("care_plan.consultation_completed")).subject,
            "goals": goals,
            "activities": [{"remote": False, "priority": "routine", **each} for each in activities],
        }
        await play.post("care_plan", "/plans", "paul.okafor", **said)

    return does


def looks_at(instrument: str, finding: str, decision: str, who: str = "paul.okafor") -> Deed:
    async def does(play: Play) -> None:
        submission = (await play.last("care_plan.measure_scored", instrument=instrument)).fact[
            "submission_id"
        ]
        path = f"/findings/{submission}/{finding}/review"
        await play.post("care_plan", path, who, decision=decision)

    return does


async def claim_and_activate(play: Play) -> None:
    await play.claim("MDT_ACTION", "paul.okafor", queue="medical")
    await activate(play)


async def activate(play: Play, **said: str) -> None:
    plan = (await play.last("care_plan.plan_drafted")).subject
    await play.post("care_plan", f"/plans/{plan}/activate", "paul.okafor", patient_agreement=True, **said)


def accepts(*disciplines: str) -> Deed:
    async def does(play: Play) -> None:
        for discipline in disciplines:
            owner, path = OWNERS[discipline], f"/activities/{await activity(play, discipline)}/accept"
            await play.claim("ACT_ACCEPT", owner, queue=discipline)
            await play.post("care_plan", path, owner)

    return does


async def activity(play: Play, discipline: str) -> str:
    return (await play.last("care_plan.activity_ordered", discipline=discipline)).subject


async def book_joint_day(play: Play) -> None:
    await play.claim("MDT_ACTION", "cora.lind", queue="coordination")
    legs = []
    for discipline, when in JOINT_DAY.items():
        request = await requested(play, discipline, "assessment")
        await play.claim("BOOK_VISIT", "cora.lind", subject_id=request)
        legs.append({"booking_request_id": request, "slot": play.slot(OWNERS[discipline], when)})
    await play.post(
        "scheduling",
        "/joint-days",
        "cora.lind",
        patient_id=(await play.last("referral.patient_registered")).subject,
        referral_id=(await play.last("referral.received")).subject,
        legs=legs,
        mode="phone",
    )


async def requested(play: Play, discipline: str, purpose: str) -> str:
    found = await play.last("scheduling.booking_requested", discipline=discipline, purpose=purpose)
    return found.subject


async def book_the_rest(play: Play) -> None:
    for discipline, starts in SERIES.items():
        request = await requested(play, discipline, "session")
        await play.claim("BOOK_VISIT", "cora.lind", subject_id=request)
        await play.post(
            "scheduling",
            f"/booking-requests/{request}/appointments",
            "cora.lind",
            slots=[play.slot(OWNERS[discipline], start) for start in starts],
            short_notice_accepted=True,
        )


PLAN = (
    Line(
        "2027-02-19 15:00",
        "the physician drafts the plan and looks at the PCS finding",
        draft_and_look,
        facts="""
            care_plan.goal_set weight=2 baseline_level=-1
            care_plan.goal_set weight=1 baseline_level=-1
            care_plan.plan_drafted goals=2 activities=4
            care_plan.finding_reviewed finding=pcs_high
        """,
        items="-PLAN_DRAFT medical, -PSY_SUGGEST medical",
    ),
    Line(
        "2027-02-23 09:00",
        "the coordinator plans the meeting and lists the case",
        lists("2027-02-25 13:00", PREPARING),
        facts=f"""
            care_plan.mdt_meeting_scheduled start=2027-02-25T18:00:00Z
            care_plan.mdt_case_listed prep_queues={",".join(PREPARING)}
        """,
        items="-MDT_LIST coordination\n" + "\n".join(f"+MDT_PREP {each} 02-25 13:00" for each in PREPARING),
    ),
    Line(
        "2027-02-25 13:40",
        "the MDT decides",
        meets(
            "programme",
            "A programme of three disciplines.",
            action("medical", "2027-02-26", "Activate the plan", kind="activate_plan"),
            action("coordination", "2027-03-01", "Book the assessment day", kind="book_joint_day"),
        ),
        facts="""
            care_plan.mdt_decision_recorded quorum_met=true dissent=false
            care_plan.mdt_meeting_closed decided=1 deferred=0
        """,
        items="""
            +MDT_ACTION medical 02-26
            +MDT_ACTION coordination 03-01
        """
        + "\n".join(f"-MDT_PREP {each}" for each in PREPARING),
        messages="MDT_OUTCOME_PT (pt)",
    ),
    Line(
        "2027-02-25 14:30",
        "the physician activates the plan",
        claim_and_activate,
        facts="""
            care_plan.plan_activated start=2027-02-25 review_due=2027-04-08 high_risk=false
            care_plan.activity_ordered discipline=physiotherapy sessions=8 every_days=7
            care_plan.activity_ordered discipline=psychology sessions=12 every_days=7
            care_plan.activity_ordered discipline=occupational_therapy sessions=6 every_days=14
            care_plan.activity_ordered discipline=pharmacy sessions=1
            care_plan.care_team_changed disciplines=medical left=none
            care_plan.mdt_action_completed
        """,
        items="-MDT_ACTION medical\n" + "\n".join(f"+ACT_ACCEPT {each} 03-01" for each in OWNERS),
        messages="PLAN_CHANGED (staff)",
    ),
    Line(
        "2027-02-26 09:30",
        "four disciplines accept",
        accepts(*OWNERS),
        facts="""
            4 x care_plan.activity_accepted
            4 x care_plan.care_team_changed left=none
            3 x scheduling.booking_requested purpose=assessment count=1
            scheduling.booking_requested purpose=session discipline=physiotherapy count=8 every_days=7
            scheduling.booking_requested purpose=session discipline=psychology count=12 every_days=7
            scheduling.booking_requested purpose=session discipline=occupational_therapy count=6 every_days=14
            scheduling.booking_requested purpose=session discipline=pharmacy count=1 remote=true
        """,
        items="7 x +BOOK_VISIT coordination 03-05\n" + "\n".join(f"-ACT_ACCEPT {each}" for each in OWNERS),
    ),
    Line(
        "2027-02-26 11:05",
        "the coordinator phones: the joint day",
        book_joint_day,
        facts="""
            scheduling.joint_day_proposed on=2027-03-09 mode=phone
            scheduling.joint_day_booked on=2027-03-09 first_start=2027-03-09T14:00:00Z
            3 x scheduling.appointment_booked purpose=assessment version=1
            3 x scheduling.booking_fulfilled
            care_plan.mdt_action_completed
        """,
        items="3 x -BOOK_VISIT coordination\n-MDT_ACTION coordination",
    ),
    Line(
        "2027-02-26 11:20",
        "the coordinator books the rest",
        book_the_rest,
        facts="""
            27 x scheduling.appointment_booked purpose=session version=1
            4 x scheduling.booking_fulfilled
        """,
        items="4 x -BOOK_VISIT coordination",
    ),
    Line("2027-02-26 11:35", "one confirmation for all 30", messages="APPT_CONFIRMED (pt)"),
    Line(
        "2027-02-28 10:00",
        "three days before the call: no room in the week",
        facts="notifications.message_suppressed template=APPT_D3 reason=cap_reserved",
    ),
    Line("2027-03-02 10:00", "the day before the call", messages="APPT_D1 (pt)"),
)
