"""Generic facts: defined once, published by every service under its own name."""

from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import create_model

from schemas.code_list import CodeList
from schemas.fact import CauseName, Fact, Id, Instant, Place, Word

PARKED_BECAUSE = CodeList(
    "PARKED_BECAUSE", "unparsable unknown_code unknown_type programming_error undeliverable behind"
)
ParkingReason = Annotated[str, PARKED_BECAUSE]
GLASS_FINDING = CodeList("GLASS_FINDING", "justified not_justified")


class GenericFacts(NamedTuple):
    stuck: type[Any]
    unstuck: type[Any]
    parked: type[Any]
    unparked: type[Any]
    glass_broken: type[Any]
    glass_reviewed: type[Any]


@cache
def generic_facts(service: str) -> GenericFacts:
    """The generic facts of one service."""
    which = {"fact_type": (CauseName, ...), "fact_id": (Id, ...)}
    about = {"aggregate_type": (Word, ...), "since": (Instant, ...)}
    parked = {"reason": (ParkingReason, ...), "since": (Instant, ...), "place": (Place | None, None)}
    broken = {"broken_by": (Id, ...), "until": (Instant, ...), "note_ref": (Id, ...)}
    looked = {"reviewed_by": (Id, ...), "finding": (Annotated[str, GLASS_FINDING], ...)}
    return GenericFacts(
        stuck=fact(
            service, "fact_stuck", "stuck_fact", "A fact was too early for 24 hours (EVT-11).", which | about
        ),
        unstuck=fact(
            service, "fact_unstuck", "stuck_fact", "It was decided at last, or a person dropped it.", which
        ),
        parked=fact(service, "patient_parked", "parking", "A record could not be handled (EVT-06).", parked),
        unparked=fact(service, "patient_unparked", "parking", "Nothing of the key is parked any more.", {}),
        glass_broken=fact(
            service,
            "glass_broken",
            "break_glass",
            "Somebody opened a record that is not for them, for a reason and for a time (PRV-12).",
            broken,
        ),
        glass_reviewed=fact(
            service, "glass_reviewed", "break_glass", "A second person looked at it (PRV-12).", looked
        ),
    )


def fact(service: str, name: str, aggregate: str, doc: str, fields: dict[str, Any]) -> type[Fact]:
    wire_type = f"{service}.{name}.v1"
    cls = "".join(part.capitalize() for part in f"{service}_{name}".split("_"))
    literal: Any = Literal[wire_type]
    made: type[Fact] = create_model(
        cls, __base__=Fact, __doc__=doc, __module__=__name__, type=(literal, wire_type), **fields
    )
    made.aggregate = aggregate
    return made
