"""HTTP routes of what there is of a person: plans, consultations, letters, cases, alerts, measures, doses. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Records, Running, Staff
from backbone.http.disclosure import Reads, may_read
from backbone.http.identity import Caller
from backbone.http.listing import Asked, listed
from backbone.http.resources import reading
from backbone.http.routes import get
from backbone.model import Route
from services.care_plan.conflict.routes import CONFLICTS
from services.care_plan.consultation.routes import consultations_for
from services.care_plan.investigation.routes import INVESTIGATIONS
from services.care_plan.letter.routes import LETTERS
from services.care_plan.mdt.routes import ACTIONS, CASES
from services.care_plan.measures.routes import REQUESTS
from services.care_plan.person import queries
from services.care_plan.person.documents import (
    ActionPage,
    AlertPage,
    CasePage,
    ConflictPage,
    ConsultationPage,
    ExposureList,
    InvestigationPage,
    LetterPage,
    MeasureList,
    PlanPage,
    ProcedurePage,
    RequestPage,
    measures,
    without_findings,
)
from services.care_plan.plan.routes import plans_for
from services.care_plan.procedure.routes import PROCEDURES

Person = Annotated[tuple[str, ...], Records("patient_id")]


async def list_plans(
    running: Running, caller: Caller, reads: Reads, person: Person, asked: Asked
) -> Response:
    """Every plan there was: status and team; goals as they count for those who read plans. Patients see their own."""
    return await listed(running, plans_for(reads), caller, person, asked, "plans")


async def list_consultations_of_patient(
    running: Running, caller: Staff, reads: Reads, person: Person, asked: Asked
) -> Response:
    """When and by whom; outcome and diagnoses for those who read consultations. What was written is among the
    contents."""
    shown = consultations_for(reads)
    more = queries.when_consultations_were
    return await listed(running, shown, caller, person, asked, "consultations", more)


async def list_letters_of_patient(running: Running, caller: Caller, person: Person, asked: Asked) -> Response:
    """Without their texts. Patients see those that are for them."""
    shows = queries.for_caller(caller)
    return await listed(running, LETTERS, caller, person, asked, "letters", shows=shows)


async def list_cases(running: Running, caller: Staff, person: Person, asked: Asked) -> Response:
    """With every decision of the team; what was said, and by whom otherwise, is in the minutes."""
    return await listed(running, CASES, caller, person, asked, "cases", queries.decisions)


async def list_mdt_actions(running: Running, caller: Staff, person: Person, asked: Asked) -> Response:
    """What decisions left to be done, by whom and by when."""
    return await listed(running, ACTIONS, caller, person, asked, "actions", queries.what_actions_were)


async def list_procedures(running: Running, caller: Staff, person: Person, asked: Asked) -> Response:
    """Ordered, done, and what each brought; which rules asked whether to go on."""
    more = queries.what_was_asked
    return await listed(running, PROCEDURES, caller, person, asked, "procedures", more)


async def list_investigations(running: Running, caller: Staff, person: Person, asked: Asked) -> Response:
    """What was asked for, by when, and who reads what it finds."""
    return await listed(running, INVESTIGATIONS, caller, person, asked, "investigations")


async def list_conflicts(running: Running, caller: Staff, person: Person, asked: Asked) -> Response:
    """What does not go together, as long as nobody moved it or said that it may be."""
    return await listed(running, CONFLICTS, caller, person, asked, "conflicts", shows=queries.stands)


async def list_alerts(
    running: Running, caller: Staff, reads: Reads, person: Person, asked: Asked
) -> Response:
    """That there are alerts, and how they stand; what they are about for those who may read it."""
    may_know = may_read(reads, "psychology")
    more = queries.what_alerts_are_about if may_know else queries.withheld
    alerts = queries.ALERTS if may_know else queries.ALERTS_ALONE
    return await listed(running, alerts, caller, person, asked, "alerts", more)


async def list_measure_requests(running: Running, caller: Caller, person: Person, asked: Asked) -> Response:
    """What was asked, for when, and what is outstanding. Patients see their own."""
    return await listed(running, REQUESTS, caller, person, asked, "requests", shows=queries.was_asked)


async def list_scores(running: Running, caller: Caller, reads: Reads, person: Person) -> Response:
    """By instrument and subscale, oldest first, with bands and the smallest change that means something: enough to
    draw a chart. Findings only for those who read answers."""
    found = measures(await queries.scores_of(running, person), running.rules.measures)
    if not may_read(reads, "answers"):
        found = [without_findings(each) for each in found]
    return reading({"patient_id": person[0], "measures": found})


async def list_exposures(running: Running, caller: Staff, person: Person) -> Response:
    """What is known of opioids, and how it was judged each time; `list_ref` names the list of drugs."""
    return reading({"patient_id": person[0], "exposures": await queries.exposures_of(running, person)})


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/plans", list_plans, PlanPage, reads="care"),
    get(
        "/patients/{patient_id}/consultations", list_consultations_of_patient, ConsultationPage, reads="care"
    ),
    get("/patients/{patient_id}/letters", list_letters_of_patient, LetterPage, reads="letter"),
    get("/patients/{patient_id}/mdt-cases", list_cases, CasePage, reads="care"),
    get("/patients/{patient_id}/mdt-actions", list_mdt_actions, ActionPage, reads="care"),
    get("/patients/{patient_id}/procedures", list_procedures, ProcedurePage, reads="procedure"),
    get("/patients/{patient_id}/investigations", list_investigations, InvestigationPage, reads="care"),
    get("/patients/{patient_id}/conflicts", list_conflicts, ConflictPage, reads="care"),
    get("/patients/{patient_id}/safety-alerts", list_alerts, AlertPage, reads="care"),
    get("/patients/{patient_id}/measure-requests", list_measure_requests, RequestPage, reads="care"),
    get("/patients/{patient_id}/measures", list_scores, MeasureList, reads="score"),
    get("/patients/{patient_id}/opioid-exposure", list_exposures, ExposureList, reads="medicines"),
)
