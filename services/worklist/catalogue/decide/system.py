"""What the runtime and the watch make: parked patients, stuck facts, broken glass, episodes without a next step."""

from collections.abc import Iterable
from typing import Any

from backbone.model import Event
from schemas.generic import GenericFacts, generic_facts
from schemas.services import NAMES
from schemas.worklist.v1.episode import EpisodeOwned, EpisodeUnowned
from services.worklist.catalogue.decide.due import Within
from services.worklist.catalogue.decide.row import REFERRAL, Detail, Row, of


def where_parked(event: Event[Any]) -> str | None:
    """In which service, and where its record stands."""
    place = event.fact.place
    return f"{event.head.origin}:{place}" if place else None


def system_rows() -> Iterable[Row[Any]]:
    """The generic facts that every service publishes under its own name."""
    for service in NAMES:
        yield from generic_rows(generic_facts(service))
    yield Row(
        item="NEXT_STEP_MISSING",
        queue="coordination",
        subject=REFERRAL,
        opens=EpisodeUnowned,
        priority="asap",
        due=Within(lambda due: due.next_step_missing),
        closes=(EpisodeOwned,),
    )


def generic_rows(facts: GenericFacts) -> Iterable[Row[Any]]:
    """Of one service."""
    yield Row(
        item="PATIENT_PARKED",
        queue="coordination",
        subject=of("parking"),
        opens=facts.parked,
        priority="asap",
        due=Within(lambda due: due.patient_parked),
        place=where_parked,
        detail=Detail("reason"),
        closes=(facts.unparked,),
    )
    yield Row(
        item="FACT_STUCK",
        queue="coordination",
        subject=of("stuck_fact"),
        opens=facts.stuck,
        priority="urgent",
        due=Within(lambda due: due.fact_stuck),
        detail=Detail("aggregate_type"),
        closes=(facts.unstuck,),
    )
    yield Row(
        item="BREAK_GLASS_REVIEW",
        queue="management",
        subject=of("break_glass"),
        opens=facts.glass_broken,
        priority="urgent",
        due=Within(lambda due: due.break_glass_review),
        closes=(facts.glass_reviewed,),
        cleaned_up=False,
    )
