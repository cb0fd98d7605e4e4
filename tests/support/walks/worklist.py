"""What the rules of the worklist look at: whether the referral is over, whether somebody died, who was called."""

from datetime import timedelta
from typing import Any

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.procedure import ProcedureOutcomeNeeded, ProcedurePerformed
from schemas.notifications.v1.escalation import EscalationRaised
from schemas.referral.v1.patient import PatientDeceased
from tests.support.desk import FLAG, PATIENT, Desk
from tests.support.referral_facts import red_flag_raised, rejected, triage_suggested


async def comes_late() -> None:
    """What was told before the referral ended comes after its end."""
    desk = Desk()
    before = desk.system.clock.now() - timedelta(hours=1)
    await desk.tell(rejected())
    await desk.tell(triage_suggested(), occurred=before)
    await desk.tell(triage_suggested(), referral=derive(ROOT, "another"))


async def died() -> None:
    desk = Desk()
    await desk.tell(PatientDeceased(source="family"), aggregate=PATIENT, referral=None)
    await desk.tell(triage_suggested())


async def is_called_about_first() -> None:
    """What is told over another topic comes before what it is about; or there is none."""
    desk = Desk()
    now = desk.system.clock.now()
    about: dict[str, Any] = {"subject_id": FLAG, "subject_type": "red_flag", "severity": "same_day"}
    raised = EscalationRaised(escalation_id=FLAG, **about, level=1, ack_due_at=now + timedelta(minutes=15))
    await desk.tell(raised, aggregate=FLAG)
    await desk.tell(red_flag_raised(), occurred=now)
    await desk.tell(red_flag_raised(flag_id=derive(ROOT, "another flag")))


async def is_wanted_by_two() -> None:
    """What a procedure brought is waited for by another referral too, which ends first, or goes on."""
    for ends_first in (True, False):
        desk = Desk()
        block, other = derive(ROOT, "a block"), derive(ROOT, "another")
        done: dict[str, Any] = {"appointment_id": block, "ended_at": desk.system.clock.now()}
        await desk.tell(ProcedurePerformed(procedure_id=block, **done, complications=()), aggregate=block)
        needed = ProcedureOutcomeNeeded(procedure_id=other, previous_id=block)
        await desk.tell(needed, aggregate=other, referral=other)
        if ends_first:
            await desk.tell(rejected(), aggregate=other, referral=other)
        await desk.tell(rejected())


PLAYS = (comes_late, died, is_called_about_first, is_wanted_by_two)
