"""The opioid checks of journey 3: what 120 MME beside diazepam ask for, from acceptance and from the first visit on."""

from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play


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


FROM_ACCEPTANCE = (
    recorded("2027-02-03 10:00", "naloxone_offer", "rosa.vidal", "pharmacy", "ordered", "2027-05-04"),
    recorded("2027-02-03 10:10", "co_prescription", "rosa.vidal", "pharmacy", "documented", "none"),
)
FROM_FIRST_VISIT = (
    recorded("2027-03-09 11:10", "opioid_review", "paul.okafor", "medical", "continued", "2027-04-08"),
    recorded("2027-03-09 11:12", "registry_check", "paul.okafor", "medical", "expected", "2027-06-07"),
    recorded("2027-03-09 11:14", "treatment_agreement", "paul.okafor", "medical", "signed", "2028-03-08"),
    recorded("2027-03-09 11:16", "toxicology", "nora.quinn", "nursing", "expected", "2028-03-08"),
    announced("2027-04-01 08:00", "opioid_review", "OPI-07", "medical", "2027-04-08", "04-08"),
    recorded("2027-04-01 10:00", "opioid_review", "paul.okafor", "medical", "continued", "2027-05-01"),
    announced("2027-04-24 08:00", "opioid_review", "OPI-07", "medical", "2027-05-01", "05-03"),
    announced("2027-04-27 08:00", "naloxone_offer", "OPI-04", "pharmacy", "2027-05-04", "05-04"),
    recorded("2027-04-27 10:30", "naloxone_offer", "rosa.vidal", "pharmacy", "ordered", "2027-07-26"),
    recorded("2027-04-27 10:40", "opioid_review", "paul.okafor", "medical", "taper_agreed", "2027-05-27"),
)
