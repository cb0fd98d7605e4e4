"""Journey 1, the pharmacist's call and the joint day: the lines from 2027-03-03 until 2027-03-09."""

from collections.abc import Iterable

from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.journeys.programme import JOINT_DAY, OWNERS, activity, minutes


async def call(play: Play) -> None:
    """The pharmacist telephones: the only session, and the end of the activity."""
    appointment = (await play.last("scheduling.appointment_booked", discipline="pharmacy")).subject
    path = f"/activities/{await activity(play, 'pharmacy')}/sessions"
    await play.post("care_plan", path, "rosa.vidal", appointment_id=appointment, complete=True)


def assessments() -> Iterable[Line]:
    """Ten minutes before its start the patient arrives; at the end the therapist records the visit."""
    for discipline, start in JOINT_DAY.items():
        yield from assessment(discipline, OWNERS[discipline], start)


def assessment(discipline: str, owner: str, start: str) -> Iterable[Line]:
    async def appointment(play: Play) -> str:
        told = await play.last("scheduling.appointment_booked", discipline=discipline, purpose="assessment")
        return f"/appointments/{told.subject}"

    async def arrive(play: Play) -> None:
        await play.post("scheduling", f"{await appointment(play)}/arrive", "ines.park")

    async def begin(play: Play) -> None:
        await play.post("care_plan", f"/activities/{await activity(play, discipline)}/start", owner)

    async def attend(play: Play) -> None:
        await play.claim("VISIT_READY", owner, queue=discipline)
        await play.post("scheduling", f"{await appointment(play)}/attend", owner)

    yield Line(
        minutes(start, -10),
        f"the patient arrives for {discipline}",
        arrive,
        facts="scheduling.patient_arrived",
        items=f"+VISIT_READY {discipline} {start[5:]}",
    )
    yield Line(start, f"the assessment of {discipline}", begin, facts="care_plan.activity_started")
    yield Line(
        minutes(start, 60),
        f"the assessment of {discipline} ends",
        attend,
        facts="scheduling.patient_attended purpose=assessment",
        items=f"-VISIT_READY {discipline}",
    )


ASSESSMENTS = (
    Line(
        "2027-03-03 10:00",
        "the pharmacist's call",
        call,
        facts="""
            care_plan.activity_started on=2027-03-03
            care_plan.session_completed session_no=1 of=1
            care_plan.opioid_exposure_assessed status=none
            care_plan.activity_completed sessions_done=1
            scheduling.patient_attended purpose=session
            care_plan.care_team_changed disciplines=pharmacy joined=none
        """,
    ),
    Line("2027-03-06 10:00", "three days before the joint day: once", messages="APPT_D3 (pt)"),
    Line("2027-03-08 10:00", "the day before the joint day: once", messages="APPT_D1 (pt)"),
    *assessments(),
)
