"""HTTP routes of opioid checks: a clinician says what came of one. No rules."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from backbone.http.access import Running, Staff
from backbone.http.calls import Calling
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import Resource
from backbone.http.routes import post
from backbone.model import Route, Snapshot
from services.care_plan.opioid_check.aggregate import OPIOID_CHECKS
from services.care_plan.opioid_check.commands import RecordCheck
from services.care_plan.opioid_check.documents import CheckDone
from services.care_plan.opioid_check.states import OpioidChecks, checks_id

CHECKS = Resource(OPIOID_CHECKS)


async def of_referral(running: Running, caller: Staff, referral_id: str) -> Snapshot[OpioidChecks]:
    """The checks of a referral that was accepted. Raises Problem 404."""
    found = await running.load(OPIOID_CHECKS, checks_id(checked_id(referral_id)))
    if found is None:
        raise not_found("referral")
    return found


async def record_opioid_check(
    call: Calling,
    checks: Annotated[Snapshot[OpioidChecks], Depends(of_referral)],
    check_id: str,
    body: CheckDone,
) -> Response:
    """What came of it; a check that recurs is asked again as long as its reason lasts."""
    return await CHECKS.give(call, checks, RecordCheck(check_id=checked_id(check_id), **body.model_dump()))


ROUTES: tuple[Route, ...] = (
    post("/referrals/{referral_id}/opioid-checks/{check_id}/record", record_opioid_check, OPIOID_CHECKS),
)
