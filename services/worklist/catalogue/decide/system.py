"""Work that the runtime and the watch make: parked patients, stuck facts, episodes without a next step."""

from collections.abc import Iterable

from schemas.generic import generic_facts
from schemas.topics import SERVICES
from schemas.worklist.v1.episode import EpisodeOwned, EpisodeUnowned
from services.worklist.catalogue.decide.due import within
from services.worklist.catalogue.decide.row import PARKING, REFERRAL, STUCK_FACT, Row, in_queue, priority


def system_rows() -> Iterable[Row]:
    """The generic facts that every service publishes under its own name."""
    for service in SERVICES:
        facts = generic_facts(service)
        yield Row(
            item="PATIENT_PARKED",
            queue=in_queue("coordination"),
            subject=PARKING,
            opens=facts.parked,
            priority=priority("asap"),
            due=within("patient_parked"),
            closes=(facts.unparked,),
        )
        yield Row(
            item="FACT_STUCK",
            queue=in_queue("coordination"),
            subject=STUCK_FACT,
            opens=facts.stuck,
            priority=priority("urgent"),
            due=within("fact_stuck"),
            closes=(facts.unstuck,),
        )
    yield Row(
        item="NEXT_STEP_MISSING",
        queue=in_queue("coordination"),
        subject=REFERRAL,
        opens=EpisodeUnowned,
        priority=priority("asap"),
        due=within("next_step_missing"),
        closes=(EpisodeOwned,),
    )
