"""What is shown of a patient's timeline."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from pydantic import BaseModel

from backbone.http.calls import Document
from backbone.http.resources import UnverifiedDocument
from backbone.model import Parts, marks_in
from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.goal import GoalAssessed, GoalClosed, GoalSet
from schemas.care_plan.v1.measure import MeasureEnteredInError, MeasureScored
from schemas.care_plan.v1.opioid import OpioidExposureAssessed, TaperEnded, TaperStarted, TaperStepRecorded
from schemas.care_plan.v1.safety import SafetyAlertRaised
from schemas.fact import Code, Fact, Id
from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.referral import RedFlagRaised, RedFlagResolved, RedFlagUnclear
from schemas.registry import facts


class TimelineEntry(BaseModel):
    """One fact, as it arrived; `id` counts arrivals. `data` is the fact."""

    id: int
    type: str
    occurred_at: datetime
    aggregate_id: Id
    referral_id: Id | None = None
    actor_kind: Code | None = None
    actor_id: Id | None = None
    actor_role: Code | None = None
    data: dict[str, Any]
    unverified: tuple[UnverifiedDocument, ...] = ()


KEPT_BACK: Mapping[str, str] = {"psy": "answers", "sud": "answers"}
"""By sensitivity (PRV-06): the kind of content that one must be permitted to read, of whatever fact but these."""
SCREENED, SCREEN = frozenset({RedFlagRaised, RedFlagResolved, RedFlagUnclear}), "package"
"""Red flags are of the screen that the referrer sent: who reads that knows them, here as in the referral itself."""
FOUND: Mapping[type[Fact], str] = {
    ConsultationCompleted: "consultation",
    MeasureScored: "score",
    MeasureEnteredInError: "score",
    **dict.fromkeys((GoalSet, GoalAssessed, GoalClosed), "plan"),
    **dict.fromkeys((MedicationsListed, OpioidExposureAssessed), "medicines"),
    **dict.fromkeys((TaperStarted, TaperStepRecorded, TaperEnded), "medicines"),
    SafetyAlertRaised: "psychology",
}
"""Facts that say what was found, and the kind of content that shows the same elsewhere."""


@cache
def kept_back(wire_type: str, kind: str) -> frozenset[str]:
    """Fields that nobody sees who may not read this kind of content."""
    fact = facts().get(wire_type)
    fields = fact.model_json_schema()["properties"] if fact else {}
    tags = {name: field.get("x-sensitivity", "plain") for name, field in fields.items()}
    return frozenset(name for name, tag in tags.items() if fact and kind_kept(fact, tag) == kind)


def kind_kept(fact: type[Fact], tag: str) -> str | None:
    """The kind of content of which such a field of the fact is."""
    if tag == "phi":
        return FOUND.get(fact)
    return SCREEN if tag == "psy" and fact in SCREENED else KEPT_BACK.get(tag)


KINDS = frozenset((*FOUND.values(), *KEPT_BACK.values(), SCREEN))
"""What a reader's rights are asked for."""


def for_others(entry: Document, unreadable: Iterable[str]) -> Document:
    """What those see who may not read these kinds of content: the fact, without its fields (PRV-07, PRV-13)."""
    names = {name for kind in unreadable for name in kept_back(str(entry["type"]), kind)}
    if not names:
        return entry
    data = msgspec.json.decode(entry["data"])
    return {**entry, "data": {name: value for name, value in data.items() if name not in names}}


def with_marks(entry: Document, rules: str, unverified: Parts) -> Document:
    """For staff: with the rules that nobody has verified, as far as what is shown of the fact says which part."""
    marks = marks_in(rules.split(","), msgspec.json.decode(msgspec.json.encode(entry["data"])), unverified)
    return entry | ({"unverified": [mark._asdict() for mark in marks]} if marks else {})


class Timeline(BaseModel):
    """In order of arrival; `next` is the cursor of the page after, absent on the last one."""

    patient_id: Id
    facts: list[TimelineEntry]
    next: int | None = None
