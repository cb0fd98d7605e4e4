"""Work that drugs which prevent clots make around a procedure."""

from schemas.care_plan.v1.antithrombotic import (
    AntithromboticPlanInvalidated,
    AntithromboticPlanRequested,
    AntithromboticPlanSigned,
)
from schemas.care_plan.v1.procedure import ProcedureCancelled, ProcedurePerformed
from services.worklist.catalogue.decide.due import BeforeStop, end_of
from services.worklist.catalogue.decide.procedures import PROCEDURE, called
from services.worklist.catalogue.decide.row import Row

DUE = BeforeStop(lambda due: due.ant_plan, before=lambda due: due.ant_plan_before_stop)

ANTITHROMBOTIC_ROWS = (
    Row(
        item="ANT_PLAN",
        queue="medical",
        subject=PROCEDURE,
        opens=AntithromboticPlanRequested,
        priority="urgent",
        due=DUE,
        closes=(AntithromboticPlanSigned, ProcedureCancelled, ProcedurePerformed),
    ),
    Row(
        item="ANT_PLAN",
        queue="medical",
        subject=PROCEDURE,
        opens=AntithromboticPlanInvalidated,
        when=lambda fact: fact.procedure_id is not None and fact.cause != "procedure_cancelled",
        priority="urgent",
        due=DUE,
        closes=(AntithromboticPlanSigned, ProcedureCancelled, ProcedurePerformed),
    ),
    Row(
        item="HOLD_CALL",
        queue="nursing",
        subject=PROCEDURE,
        opens=AntithromboticPlanInvalidated,
        when=lambda fact: fact.procedure_id is not None and fact.was_signed,
        priority="asap",
        due=lambda event, rules: end_of(None, event, rules),
        closes=(called("hold_call"),),
        cleaned_up=False,
        of_the_living=True,
    ),
    Row(
        item="HOLD_CALL",
        queue="nursing",
        subject=PROCEDURE,
        opens=AntithromboticPlanSigned,
        when=lambda fact: fact.corrects is True,
        priority="asap",
        due=lambda event, rules: end_of(None, event, rules),
        closes=(),
        cleaned_up=False,
        of_the_living=True,
    ),
)
