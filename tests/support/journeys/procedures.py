"""What is done about a procedure, from its order to what it brought: the same for blocks and ablation."""

from collections.abc import Iterable
from typing import Any

from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play, instant
from tests.support.journeys.programme import minutes

PHYSICIAN, PROCEDURALIST, NURSE = "paul.okafor", "maya.stein", "nora.quinn"
HOLD = (
    "Take the last tablet on the evening that we wrote down together, and call us before you take any other."
)


def orders(family: str, **more: str) -> Deed:
    """Right, C4-C5, in the hospital's outpatient department."""
    body = {
        "family": family,
        "region": "cervical",
        "side": "right",
        "levels": ["C4-C5"],
        "place": "hospital_outpatient",
        "circumstances": [],
        **more,
    }

    async def does(play: Play) -> None:
        plan = (await play.last("care_plan.plan_drafted")).subject
        await play.post("care_plan", f"/plans/{plan}/procedures", PHYSICIAN, **body)

    return does


async def procedure_of(play: Play) -> str:
    return (await play.last("care_plan.procedure_ordered")).subject


def authorises(valid_from: str, valid_to: str) -> Deed:
    """The payer, as the coordinator records it."""

    async def does(play: Play) -> None:
        await play.claim("AUTH_OBTAIN", "cora.lind")
        path = f"/procedures/{await procedure_of(play)}/authorisation"
        said = {"status": "approved", "valid_from": valid_from, "valid_to": valid_to}
        await play.post("scheduling", path, "cora.lind", **said)

    return does


def holds(start: str) -> Deed:
    """The coordinator takes a date that nothing but the plan stands against."""

    async def does(play: Play) -> None:
        request = (await play.last("scheduling.booking_requested", purpose="procedure")).subject
        path = f"/booking-requests/{request}/appointments"
        slots = [play.slot(PROCEDURALIST, start)]
        await play.post("scheduling", path, "cora.lind", slots=slots)

    return does


async def date_of(play: Play) -> str:
    return (await play.last("scheduling.appointment_held", purpose="procedure")).subject


def signs(version: int = 1) -> Deed:
    """The cardiologist agreed; the proceduralist signs for this version of the date."""

    async def does(play: Play) -> None:
        await prepare_plan(play)
        await play.post(
            "care_plan", f"{await plan_path(play)}/sign", PROCEDURALIST, **await signature(play, version)
        )

    return does


async def prepare_plan(play: Play) -> None:
    await play.claim("ANT_PLAN", PROCEDURALIST)
    path = await plan_path(play)
    await play.post("care_plan", f"{path}/draft", PROCEDURALIST)
    agreed = {"drug": "warfarin", "prescriber": "Dr Heart, Heart Centre"}
    await play.post("care_plan", f"{path}/agree", PROCEDURALIST, **agreed)


async def plan_path(play: Play) -> str:
    return f"/procedures/{await procedure_of(play)}/antithrombotic-plan"


async def signature(play: Play, version: int) -> dict[str, Any]:
    return {"appointment_id": await date_of(play), "appointment_version": version, "text": HOLD}


def shows(kind: str, **said: Any) -> Deed:
    """A nurse records evidence for what must be true, or against it."""

    async def does(play: Play) -> None:
        path = f"/procedures/{await procedure_of(play)}/gates"
        found = (await play.clinic.ask("GET", "scheduling", path, NURSE))["gates"]
        [gate] = [each["id"] for each in found if each["kind"] == kind]
        await play.post("scheduling", f"/gates/{gate}/evidence", NURSE, **said)

    return does


def measures_inr(value: str, taken_at: str) -> Deed:
    return shows("inr", met=True, value=value, taken_at=instant(taken_at))


async def checks_in(play: Play) -> None:
    """The patient is here, and well."""
    await play.post("scheduling", f"/appointments/{await date_of(play)}/arrive", "ines.park")
    await shows("infection", met=True)(play)


def performs(ended: str) -> Deed:
    async def does(play: Play) -> None:
        await play.claim("VISIT_READY", PROCEDURALIST)
        path = f"/procedures/{await procedure_of(play)}/performed"
        date = await date_of(play)
        await play.post("care_plan", path, PROCEDURALIST, appointment_id=date, ended_at=instant(ended))

    return does


def calls(kind: str, item: str) -> Deed:
    """The nurse telephones after the procedure that was done last."""

    async def does(play: Play) -> None:
        done = (await play.last("care_plan.procedure_performed")).subject
        await play.claim(item, NURSE)
        patient = (await play.last("referral.patient_registered")).subject
        said = {"patient_id": patient, "kind": kind, "procedure_id": done, "result": "reached"}
        await play.post("care_plan", "/contacts", NURSE, **said)

    return does


FIRST_CALL = calls("post_procedure_24_72h", "POST_PROC_CALL_1")
SECOND_CALL = calls("post_procedure_2w", "POST_PROC_CALL_2")


def judges(relief_pct: int, **more: int) -> Deed:
    """What the procedure that was done last brought."""

    async def does(play: Play) -> None:
        done = (await play.last("care_plan.procedure_performed")).subject
        path = f"/procedures/{done}/outcome"
        await play.post("care_plan", path, PHYSICIAN, relief_pct=relief_pct, **more)

    return does


def judged(at: str, relief_pct: int, qualifies: bool) -> Line:
    async def does(play: Play) -> None:
        await play.claim("PROC_OUTCOME", PHYSICIAN)
        await judges(relief_pct)(play)

    said = str(qualifies).lower()
    return Line(
        at,
        f"the physician records {relief_pct} % relief",
        does,
        facts=f"care_plan.procedure_outcome_recorded relief_pct={relief_pct} qualifies={said}",
        items="-PROC_OUTCOME medical",
    )


def told(at: str, template: str) -> Line:
    """A message by timer, and nothing else: checks of what must be true pass unsaid."""
    return Line(f"{at} 10:00", template, messages=f"{template} (pt)")


def escort(at: str, booked: str = "") -> Line:
    return Line(
        at,
        "the nurse calls: an escort is confirmed",
        shows("escort", met=True),
        facts="scheduling.gate_satisfied kind=escort\nscheduling.gates_cleared scope=pre" + booked,
        items="-PROC_CHECKLIST nursing",
    )


def day_of(start: str, ended: str, due_call: str, due_later: str, gates: int = 7) -> Iterable[Line]:
    """The day itself: ten minutes early, done when it ended; so many gates are of no use any more."""
    yield Line(
        minutes(start, -10),
        "the patient arrives, without infection",
        checks_in,
        facts="""
            scheduling.patient_arrived
            scheduling.gate_satisfied kind=infection
            scheduling.gates_cleared scope=day_of
        """,
        items=f"+VISIT_READY medical {start[5:]}",
    )
    yield Line(
        f"{start[:10]} {ended}",
        "the procedure is done",
        performs(f"{start[:10]} {ended}"),
        facts=f"""
            care_plan.procedure_performed ended_at={instant(f"{start[:10]} {ended}")} complications=none
            scheduling.patient_attended purpose=procedure
            {gates} x scheduling.gate_closed
        """,
        items=f"""
            -VISIT_READY medical
            +POST_PROC_CALL_1 nursing {due_call} {ended}
            +POST_PROC_CALL_2 nursing {due_later} {ended}
            +PROC_OUTCOME medical {due_later} {ended}
        """,
    )


def called_after(at: str, kind: str, item: str) -> Line:
    deed = FIRST_CALL if item == "POST_PROC_CALL_1" else SECOND_CALL
    return Line(
        at,
        "the nurse calls after the procedure",
        deed,
        facts=f"care_plan.contact_recorded kind={kind} result=reached warnings=none",
        items=f"-{item} nursing",
    )


def first_call(at: str) -> Line:
    return called_after(at, "post_procedure_24_72h", "POST_PROC_CALL_1")


def second_call(at: str) -> Line:
    return called_after(at, "post_procedure_2w", "POST_PROC_CALL_2")


def signed(
    at: str, last_dose: str, inr_from: str, booked: str, items: str, version: int = 1, more: str = ""
) -> Iterable[Line]:
    """The plan is signed, so the date is booked."""
    yield Line(
        at,
        "the proceduralist signs; the cardiologist agreed",
        signs(version),
        facts=f"""
            care_plan.antithrombotic_plan_signed appointment_version={version} last_dose_at={instant(last_dose)} \
                inr_from={instant(inr_from)} inr_max=1.2 prescriber_agreed=true
            scheduling.gate_satisfied kind=antithrombotic_plan
            scheduling.gates_cleared scope=booking
            scheduling.appointment_booked version={version} purpose=procedure start={instant(booked)}
        """
        + more,
        items=items,
        messages="HOLD_PLAN_READY (pt)",
    )
    yield Line(minutes(at, 30), "half an hour later", messages="APPT_CONFIRMED (pt)")
