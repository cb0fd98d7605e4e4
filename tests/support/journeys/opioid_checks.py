"""The opioid checks of journey 3: what 120 MME beside diazepam ask for, from acceptance and from the first visit on."""

from tests.support.journeys.flag_to_visit import assesses, closes
from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play

SECOND = "maya.stein"
STEPS = [{"on": "2027-03-23", "mme": "108"}, {"on": "2027-04-20", "mme": "96"}]


def records(check: str, who: str, result: str) -> Deed:
    async def does(play: Play) -> None:
        """Where the patient is another, who takes none, there is nothing to record."""
        found = await play.every("care_plan.opioid_check_fell_due", check=check)
        if not found:
            return
        due = found[-1]
        await play.claim("OPI_CHECK", who, subject_id=due.fact["check_id"])
        referral = (await play.last("referral.received")).subject
        path = f"/referrals/{referral}/opioid-checks/{due.fact['check_id']}/record"
        await play.post("care_plan", path, who, result=result)

    return does


def recorded(at: str, check: str, who: str, queue: str, result: str, next_due: str) -> Line:
    return Line(
        at,
        f"{check}: {result}",
        records(check, who, result),
        facts=f"care_plan.opioid_check_recorded check={check} result={result} next_due={next_due}",
        items=f"-OPI_CHECK {queue}",
    )


def announced(at: str, check: str, rule: str, queue: str, due_on: str, due: str) -> Line:
    """A week before its date."""
    return Line(
        at,
        f"{check} falls due again",
        facts=f"care_plan.opioid_check_fell_due check={check} due_on={due_on} rule={rule}",
        items=f"+OPI_CHECK {queue} {due}",
    )


async def claim_review(play: Play) -> None:
    await play.claim("SAFETY_ALERT", SECOND, queue="medical")


async def review(play: Play) -> None:
    found = {"result": "no_imminent_risk", "note": "To the team; no abrupt change."}
    await assesses("mme_high_second_review", SECOND, **found)(play)
    await closes("mme_high_second_review", SECOND)(play)


async def take_step(play: Play, mme: str) -> None:
    await play.post("care_plan", f"{await taper(play)}/steps", "rosa.vidal", mme=mme)


async def taper(play: Play) -> str:
    return f"/patients/{(await play.last('referral.patient_registered')).subject}/taper"


async def agree_and_begin(play: Play) -> None:
    """The physician agrees with the patient; the pharmacist sees to the first step."""
    await play.post("care_plan", f"{await taper(play)}/start", "paul.okafor", agreed=True, steps=STEPS)
    await take_step(play, "108")


async def follow_up(play: Play) -> None:
    await records("taper_followup", "rosa.vidal", "continued")(play)
    await take_step(play, "96")


FROM_ACCEPTANCE = (
    recorded("2027-02-03 10:00", "naloxone_offer", "rosa.vidal", "pharmacy", "ordered", "2027-05-04"),
    recorded("2027-02-03 10:10", "co_prescription", "rosa.vidal", "pharmacy", "documented", "none"),
)
FROM_FIRST_VISIT = (
    recorded("2027-03-09 11:12", "opioid_review", "paul.okafor", "medical", "continued", "2027-04-08"),
    recorded("2027-03-09 11:14", "registry_check", "paul.okafor", "medical", "expected", "2027-06-07"),
    recorded("2027-03-09 11:16", "treatment_agreement", "paul.okafor", "medical", "signed", "2028-03-08"),
    recorded("2027-03-09 11:18", "toxicology", "nora.quinn", "nursing", "expected", "2028-03-08"),
    announced("2027-04-01 08:00", "opioid_review", "OPI-07", "medical", "2027-04-08", "04-08"),
    recorded("2027-04-01 10:00", "opioid_review", "paul.okafor", "medical", "continued", "2027-05-01"),
    announced("2027-04-24 08:00", "opioid_review", "OPI-07", "medical", "2027-05-01", "05-03"),
    announced("2027-04-27 08:00", "naloxone_offer", "OPI-04", "pharmacy", "2027-05-04", "05-04"),
    recorded("2027-04-27 10:30", "naloxone_offer", "rosa.vidal", "pharmacy", "ordered", "2027-07-26"),
    recorded("2027-04-27 10:40", "opioid_review", "paul.okafor", "medical", "continued", "2027-05-27"),
)
TAPER = (
    Line(
        "2027-03-09 11:10",
        "the second physician claims the alert",
        claim_review,
        facts="""
            notifications.escalation_acknowledged level=1 via=worklist
            care_plan.safety_alert_acknowledged
        """,
    ),
    Line(
        "2027-03-09 11:25",
        "a quarter of an hour without activity: the item is back in its queue (claim.idle)",
        facts="worklist.item_released item_type=SAFETY_ALERT reason=idle",
    ),
    Line(
        "2027-03-10 11:00",
        "second review: go to MDT, no abrupt change",
        review,
        facts="""
            care_plan.safety_alert_assessed result=no_imminent_risk
            care_plan.safety_alert_closed
            notifications.escalation_resolved
        """,
        items="-SAFETY_ALERT medical",
    ),
    Line(
        "2027-03-23 10:05",
        "the taper starts, decided by the physician: 120 to 108",
        agree_and_begin,
        facts="""
            care_plan.taper_started from_mme=120 next_followup=2027-04-22
            care_plan.taper_step_recorded mme=108 on=2027-03-23 as_planned=true
            care_plan.opioid_exposure_assessed mme_per_day=108 context=review
            care_plan.opioid_check_fell_due check=taper_followup due_on=2027-04-22 rule=OPI-03
        """,
        items="+OPI_CHECK pharmacy 04-22",
    ),
    Line(
        "2027-04-20 10:00",
        "taper follow-up, step to 96",
        follow_up,
        facts="""
            care_plan.opioid_check_recorded check=taper_followup next_due=2027-05-20
            care_plan.taper_step_recorded mme=96 on=2027-04-20 as_planned=true
            care_plan.opioid_exposure_assessed mme_per_day=96 context=review
        """,
        items="-OPI_CHECK pharmacy",
    ),
)
