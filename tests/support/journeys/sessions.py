"""Journey 1, the 26 sessions and the weekly digest, from 2027-03-12 until 2027-06-02."""

from collections.abc import Iterable

from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.journeys.programme import OWNERS, SERIES, activity, dates, minutes

ENDINGS = {
    "physiotherapy": """
        care_plan.activity_review_fell_due discipline=physiotherapy rule=MOD-02 sessions_done=8
    """,
    "psychology": """
        care_plan.activity_completed sessions_done=12
        care_plan.care_team_changed disciplines=psychology joined=none
    """,
    "occupational_therapy": """
        care_plan.activity_completed sessions_done=6
        care_plan.care_team_changed disciplines=occupational_therapy joined=none
    """,
}
"""What the last session leads to. Physiotherapy leaves the activity open: its sessions are used up (MOD-02)."""


def sessions() -> Iterable[Line]:
    for discipline in ENDINGS:
        starts = SERIES[discipline]
        for number, start in enumerate(starts, start=1):
            yield from session(discipline, start, number, len(starts))


def session(discipline: str, start: str, number: int, of: int) -> Iterable[Line]:
    owner, last = OWNERS[discipline], number == of

    async def appointment(play: Play) -> str:
        booked = await play.every(
            "scheduling.appointment_booked", discipline=discipline, purpose="session", start=start_of(play)
        )
        return booked[-1].subject

    def start_of(play: Play) -> str:
        return play.slot(owner, start)["start"]

    async def arrive(play: Play) -> None:
        await play.post("scheduling", f"/appointments/{await appointment(play)}/arrive", "ines.park")

    async def complete(play: Play) -> None:
        await play.claim("VISIT_READY", owner, queue=discipline)
        path = f"/activities/{await activity(play, discipline)}/sessions"
        done = {"appointment_id": await appointment(play), "complete": last and discipline != "physiotherapy"}
        await play.post("care_plan", path, owner, **done)

    yield Line(
        minutes(start, -10),
        f"the patient arrives for {discipline} {number}",
        arrive,
        facts="scheduling.patient_arrived version=1",
        items=f"+VISIT_READY {discipline} {start[5:]}",
    )
    facts = f"""
        care_plan.session_completed session_no={number} of={of} on={start[:10]}
        scheduling.patient_attended purpose=session
    """
    fell_due = last and discipline == "physiotherapy"
    yield Line(
        minutes(start, 60),
        f"session {number} of {discipline}",
        complete,
        facts=facts + (ENDINGS[discipline] if last else ""),
        items=f"-VISIT_READY {discipline}" + (", +ACT_REVIEW physiotherapy 05-11" if fell_due else ""),
    )


DIGESTS = tuple(
    Line(friday, "the sessions of the coming week", messages="APPT_DIGEST (pt)")
    for friday in dates("2027-03-12", 12, 7, "10:00")
)
