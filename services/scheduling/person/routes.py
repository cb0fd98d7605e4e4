"""HTTP routes of what there is of a person: places on the waiting list, joint days, absences. No rules.

Appointments and what has to be booked are lists of their own, with `patient_id`.
"""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Records, Running
from backbone.http.identity import Caller
from backbone.http.listing import Asked, listed
from backbone.http.routes import get
from backbone.model import Route
from services.scheduling.joint_day.routes import DAYS
from services.scheduling.person.documents import AbsencePage, DayPage, EntryPage
from services.scheduling.unavailability.routes import ABSENCES
from services.scheduling.waiting_list.routes import ENTRIES

Person = Annotated[tuple[str, ...], Records("patient_id")]


async def list_places(running: Running, caller: Caller, person: Person, asked: Asked) -> Response:
    """Where the person waits or waited, how urgently, since when away. Patients see their own."""
    return await listed(running, ENTRIES, caller, person, asked, "entries")


async def list_joint_days(running: Running, caller: Caller, person: Person, asked: Asked) -> Response:
    """Days with several disciplines: proposed, booked, broken or given up. Patients see their own."""
    return await listed(running, DAYS, caller, person, asked, "joint_days")


async def list_absences(running: Running, caller: Caller, person: Person, asked: Asked) -> Response:
    """When the person is not available. Patients see their own."""
    return await listed(running, ABSENCES, caller, person, asked, "absences")


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/waiting-list", list_places, EntryPage, reads="visit"),
    get("/patients/{patient_id}/joint-days", list_joint_days, DayPage, reads="visit"),
    get("/patients/{patient_id}/unavailability", list_absences, AbsencePage, reads="visit"),
)
