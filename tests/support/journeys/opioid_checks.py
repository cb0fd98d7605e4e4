"""The opioid checks of journey 3: what 120 MME beside diazepam ask for, from acceptance and from the first visit on.

Those that fall on a line of visits or reviews are there, by the deeds of this module.
"""

from tests.support.journeys.flag_to_visit import assesses, closes
from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play
from tests.support.journeys.programme import looks_at

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
    """The physician agrees with the patient and looks into the registry; the pharmacist sees to the first step."""
    await play.post("care_plan", f"{await taper(play)}/start", "paul.okafor", agreed=True, steps=STEPS)
    await take_step(play, "108")
    await look_into_registry(play)


async def follow_up(play: Play) -> None:
    await records("taper_followup", "rosa.vidal", "continued")(play)
    await take_step(play, "96")
    await look_into_registry(play)


look_into_registry = records("registry_check", "paul.okafor", "as_expected")


async def reach_prescriber(play: Play) -> None:
    await records("naloxone_offer", "rosa.vidal", "ordered")(play)
    await records("co_prescription", "rosa.vidal", "prescribers_warned")(play)


async def score_opioid_risk(play: Play) -> None:
    """ORT-OUD by interview: 4 of 9. The physician looks at what it found before the visit is over."""
    referral = await play.last("referral.received")
    asked = await play.post(
        "care_plan",
        "/measure-requests",
        "paul.okafor",
        patient_id=(await play.last("referral.patient_registered")).subject,
        referral_id=referral.subject,
        occasion="baseline",
        instruments=["ort_oud"],
        due_on="2027-03-09",
        interview=True,
    )
    path, given = f"/measure-requests/{asked['request_id']}/answers", [1, 0, 1, 0, 0, 1, 0, 1, 0]
    await play.post("care_plan", path, "paul.okafor", answers={"ort_oud": given})
    await looks_at("ort_oud", "ort_oud_high", "talked", "paul.okafor")(play)


FROM_ACCEPTANCE = (
    Line(
        "2027-02-04 10:00",
        "the pharmacist reaches the prescriber",
        reach_prescriber,
        facts="""
            care_plan.opioid_check_recorded check=naloxone_offer result=ordered next_due=2027-05-04
            care_plan.opioid_check_recorded check=co_prescription result=prescribers_warned next_due=none
        """,
        items="-OPI_CHECK pharmacy, -OPI_CHECK pharmacy",
    ),
)
FROM_FIRST_VISIT = (
    recorded("2027-03-09 10:40", "registry_check", "paul.okafor", "medical", "as_expected", "2027-06-07"),
    recorded("2027-03-12 11:00", "toxicology", "nora.quinn", "nursing", "as_expected", "2027-06-12"),
    recorded("2027-04-06 10:00", "opioid_review", "paul.okafor", "medical", "continued", "2027-05-06"),
    announced("2027-04-27 08:00", "naloxone_offer", "OPI-04", "pharmacy", "2027-05-04", "05-04"),
    recorded(
        "2027-04-28 10:00", "naloxone_offer", "rosa.vidal", "pharmacy", "has_and_educated", "2027-07-28"
    ),
    announced("2027-04-29 08:00", "opioid_review", "OPI-07", "medical", "2027-05-06", "05-06"),
    recorded("2027-05-04 10:00", "opioid_review", "paul.okafor", "medical", "continued", "2027-06-03"),
)
REGISTRY = """
    care_plan.opioid_check_fell_due check=registry_check rule=OPI-15
    care_plan.opioid_check_recorded check=registry_check result=as_expected
"""
TAPER_STARTS = f"""
    care_plan.taper_started from_mme=120 next_followup=2027-04-22
    care_plan.taper_step_recorded mme=108 on=2027-03-23 as_planned=true
    care_plan.opioid_exposure_assessed mme_per_day=108 context=review profile=intensified
    care_plan.opioid_check_fell_due check=taper_followup due_on=2027-04-22 rule=OPI-03
    {REGISTRY}
"""
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
        "2027-04-20 10:00",
        "taper follow-up, step to 96",
        follow_up,
        facts=f"""
            care_plan.opioid_check_recorded check=taper_followup next_due=2027-05-20
            care_plan.taper_step_recorded mme=96 on=2027-04-20 as_planned=true
            care_plan.opioid_exposure_assessed mme_per_day=96 context=review profile=intensified
            {REGISTRY}
        """,
        items="-OPI_CHECK pharmacy, +OPI_CHECK medical 04-20, -OPI_CHECK medical",
    ),
)
