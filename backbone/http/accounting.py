"""To whom outside the house what of a person was disclosed, and when: for the privacy officer, and for the person."""

from datetime import date, datetime, time
from typing import Annotated, Any, get_args

from dateutil.relativedelta import relativedelta
from fastapi import Query
from fastapi.responses import Response
from pydantic import BaseModel

from backbone.engine.runtime import Runtime
from backbone.http.access import Records, Running
from backbone.http.problems import unfit
from backbone.http.resources import reading
from backbone.http.routes import get
from backbone.model.disclosure import Disclosure
from backbone.model.service import Route
from backbone.store.accesses import Access
from config.access import Outsider
from schemas.fact import Id

MOST = 10_000
OUTSIDERS: tuple[str, ...] = get_args(Outsider)


class DisclosurePage(BaseModel):
    """The latest first. `exempt`: for a purpose that the accounting by law leaves out."""

    patient_id: Id
    since: datetime
    disclosures: list[dict[str, Any]]


async def list_disclosures(
    running: Running,
    records: Annotated[tuple[str, ...], Records("patient_id")],
    since: Annotated[date | None, Query(description="A day; as far back as the law asks, if absent")] = None,
    accounting: Annotated[
        bool,
        Query(description="Only what the accounting by law names: without treatment, payment, operations"),
    ] = False,
) -> Response:
    """What this service showed or sent of the person to anybody outside. Ask every service for the whole."""
    begin = beginning(running, since)
    law = running.rules.access.accounting.values
    found = [
        {**each._asdict(), "exempt": each.purpose in law.exempt}
        for each in await disclosures(running, records, begin)
        if not (accounting and each.purpose in law.exempt)
    ]
    return reading({"patient_id": records[0], "since": begin, "disclosures": found})


def beginning(running: Runtime, since: date | None) -> datetime:
    """The first instant of the day, by the clinic's clock; of the day that lies as far back as the law asks."""
    calendar, years = running.rules.calendar, running.rules.access.accounting.values.years
    day = since or calendar.day(running.clock.now()) - relativedelta(years=years)
    begin: datetime = datetime.combine(day, time.min, calendar.zone)
    return begin


async def disclosures(running: Runtime, records: tuple[str, ...], begin: datetime) -> list[Disclosure]:
    """What was read by callers from outside, and what the service sent. Raises Problem 422 where it is too much."""
    with running.store.retryable():
        read = await running.store.accesses.by_outsiders(records, OUTSIDERS, begin, MOST + 1)
    sent = await running.service.disclosures(running, records)
    found = [*map(shown_to, read), *(each for each in sent if each.at >= begin)]
    if len(found) > MOST:
        detail = f"More than {MOST} since then: ask from a later day on."
        raise unfit("too-many-disclosures", detail, "since", "query", 422)
    return sorted(found, key=lambda each: each.at, reverse=True)


def shown_to(access: Access) -> Disclosure:
    return Disclosure(
        access.at, access.actor_kind, access.actor_id, access.purpose, access.kind, "read", access.resource
    )


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/disclosures", list_disclosures, DisclosurePage, reads="disclosures"),
)
