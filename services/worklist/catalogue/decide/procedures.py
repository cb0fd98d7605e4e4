"""Work that procedures make: whether to depart from a rule, calls afterwards, and what they brought."""

from typing import Any

from backbone.model import Event
from schemas.care_plan.v1.contact import ContactRecorded
from schemas.care_plan.v1.override import OverrideLapsed, OverrideRecorded, OverrideRequested
from schemas.care_plan.v1.procedure import (
    ProcedureOrdered,
    ProcedureOutcomeNeeded,
    ProcedureOutcomeRecorded,
    ProcedurePerformed,
)
from schemas.codes import Queue
from schemas.fact import Fact
from services.worklist.catalogue.decide.due import SameTime, Within
from services.worklist.catalogue.decide.row import Detail, Row, Subject, When, named
from services.worklist.rules import Rules

PROCEDURE = named("procedure", "procedure_id")
NOT_SPOKEN_WITH = frozenset({"not_reached", "left_message", "wrong_number"})


def one_before(event: Event[Any]) -> str:
    """Of an order, the procedure whose outcome it waits for."""
    return str(getattr(event.fact, "previous_id", None) or event.fact.procedure_id)


def lacks_outcome(fact: ProcedureOrdered) -> bool:
    return fact.previous_id is not None and "previous_outcome" not in fact.met


def called(kind: str) -> When[ContactRecorded]:
    """About this procedure and no other of the patient; whoever was not reached is called again."""
    return When(
        ContactRecorded,
        lambda fact: (
            fact.kind == kind and fact.procedure_id is not None and fact.result not in NOT_SPOKEN_WITH
        ),
    )


def whose_override(event: Event[OverrideRequested], rules: Rules) -> Queue:
    """Where those of the rule's role work."""
    return "pharmacy" if event.fact.role == "pharmacist" else "medical"


def ended_at(fact: Fact) -> Any:
    return fact.ended_at  # type: ignore[attr-defined]


PROCEDURE_ROWS = (
    Row(
        item="OVERRIDE",
        queue=whose_override,
        subject=named("override", "override_id"),
        opens=OverrideRequested,
        priority="urgent",
        due=Within(lambda due: due.override),
        detail=Detail("rule"),
        closes=(OverrideRecorded, OverrideLapsed),
    ),
    Row(
        item="POST_PROC_CALL_1",
        queue="nursing",
        subject=PROCEDURE,
        opens=ProcedurePerformed,
        priority="routine",
        due=SameTime(lambda due: due.post_proc_call_1, ended_at),
        closes=(called("post_procedure_24_72h"),),
        cleaned_up=False,
        of_the_living=True,
    ),
    Row(
        item="POST_PROC_CALL_2",
        queue="nursing",
        subject=PROCEDURE,
        opens=ProcedurePerformed,
        priority="routine",
        due=SameTime(lambda due: due.post_proc_call_2, ended_at),
        closes=(called("post_procedure_2w"),),
        cleaned_up=False,
        of_the_living=True,
    ),
    Row(
        item="PROC_OUTCOME",
        queue="medical",
        subject=PROCEDURE,
        opens=ProcedurePerformed,
        priority="routine",
        due=SameTime(lambda due: due.proc_outcome, ended_at),
        closes=(ProcedureOutcomeRecorded,),
    ),
    Row(
        item="PROC_OUTCOME",
        queue="medical",
        subject=Subject("procedure", one_before, PROCEDURE.names),
        opens=ProcedureOrdered,
        when=lacks_outcome,
        priority="urgent",
        due=Within(lambda due: due.proc_outcome),
        closes=(),
    ),
    Row(
        item="PROC_OUTCOME",
        queue="medical",
        subject=Subject("procedure", one_before, PROCEDURE.names),
        opens=ProcedureOutcomeNeeded,
        priority="urgent",
        due=Within(lambda due: due.proc_outcome),
        closes=(),
    ),
)
