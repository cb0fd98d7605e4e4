"""HTTP route of a person's next steps: what is to happen, who has it, by when. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Records, Running, Staff
from backbone.http.resources import reading
from backbone.http.routes import get
from backbone.model import Route
from services.worklist.episode import queries
from services.worklist.episode.documents import NextSteps


async def get_next_step(
    running: Running, caller: Staff, person: Annotated[tuple[str, ...], Records("patient_id")]
) -> Response:
    """Of every referral of the person, what comes next and whose it is (promise 1)."""
    return reading({"patient_id": person[0], "episodes": await queries.next_steps(running, person)})


ROUTES: tuple[Route, ...] = (get("/patients/{patient_id}/next-step", get_next_step, NextSteps, reads="work"),)
