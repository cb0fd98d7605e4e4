"""Reads of what there is of a person: states, and what their journals tell besides. Nothing is changed or decided."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from backbone.engine.runtime import Runtime, Told
from backbone.http.calls import Document
from backbone.http.identity import Principal
from backbone.http.resources import Resource
from backbone.model import Snapshot, tag_of
from schemas.care_plan.v1.consultation import ConsultationCompleted, ConsultationStarted
from schemas.care_plan.v1.mdt import MdtDecisionRecorded
from schemas.care_plan.v1.measure import MeasureEnteredInError, MeasureScored
from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from schemas.care_plan.v1.safety import SafetyAlertRaised
from services.care_plan.conflict.states import Open
from services.care_plan.letter.aggregate import Final
from services.care_plan.mdt.facts import ActionOpened
from services.care_plan.mdt.states import Done, Dropped
from services.care_plan.measures.aggregate import MEASURE_REQUEST
from services.care_plan.measures.states import Planned
from services.care_plan.opioid.aggregate import OPIOID_PROFILE
from services.care_plan.opioid.states import Assessed, profile_id
from services.care_plan.override.aggregate import OVERRIDE
from services.care_plan.override.states import Decided
from services.care_plan.procedure.states import Question, WithCourse
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT
from services.care_plan.taper.aggregate import TAPER
from services.care_plan.taper.states import Tapering, taper_id

Page = Sequence[Snapshot[Any]]
Besides = Mapping[str, Document]


def status_alone(thing: Snapshot[Any], caller: Principal) -> Document:
    """That there is one, and nothing of what it is about."""
    return {"status": tag_of(type(thing.state))}


ALERTS = Resource(SAFETY_ALERT)
"""With what was found: only by the right that `get_alert` has."""
ALERTS_ALONE = Resource(SAFETY_ALERT, status_alone)


def ids(found: Page) -> Sequence[str]:
    return [each.id for each in found]


async def when_consultations_were(runtime: Runtime, found: Page) -> Besides:
    """When each began and by whom, and when it was completed."""
    besides: dict[str, Document] = {each.id: {} for each in found}
    for told in await runtime.told(ids(found), ConsultationStarted, ConsultationCompleted):
        at = msgspec.to_builtins(told.occurred_at)
        if isinstance(told.fact, ConsultationStarted):
            said = {"started_at": at, "started_by": told.actor_id, "appointment_id": told.fact.appointment_id}
            besides[told.aggregate_id] |= said
        else:
            besides[told.aggregate_id] |= {"completed_at": at, "decided_by": told.fact.decided_by}
    return besides


async def decisions(runtime: Runtime, found: Page) -> Besides:
    """Every decision about a case, oldest first."""
    besides: dict[str, list[Document]] = {each.id: [] for each in found}
    for told in await runtime.told(ids(found), MdtDecisionRecorded):
        said = told.fact.model_dump(mode="json", exclude={"type", "case_id", "answered"})
        besides[told.aggregate_id].append({"at": msgspec.to_builtins(told.occurred_at), **said})
    return {case_id: {"decisions": said} for case_id, said in besides.items()}


async def what_actions_were(runtime: Runtime, found: Page) -> Besides:
    """Of those that are over what was to be done; of each the minutes that say it in words."""
    besides: dict[str, Document] = {each.id: {} for each in found}
    over = [each.id for each in found if isinstance(each.state, Done | Dropped)]
    for told in await runtime.told(over, ActionOpened):
        besides[told.aggregate_id] = told.fact.model_dump(
            mode="json", include={"kind", "due_on", "owner_queue", "owner_id"}, exclude_none=True
        )
    for told in await runtime.told(sorted({each.state.case_id for each in found}), MdtDecisionRecorded):
        for action in told.fact.actions:
            if action.action_id in besides:
                besides[action.action_id]["note_ref"] = told.fact.note_ref
    return besides


async def what_alerts_are_about(runtime: Runtime, found: Page) -> Besides:
    """The last time that each was raised."""
    told = await runtime.told(ids(found), SafetyAlertRaised)
    return {
        each.aggregate_id: {
            "raised_at": msgspec.to_builtins(each.occurred_at),
            "severity": each.fact.severity,
            "rule": each.fact.rule,
        }
        for each in told
    }


async def withheld(runtime: Runtime, found: Page) -> Besides:
    return {each.id: {"withheld": True} for each in found}


def for_caller(caller: Principal) -> Callable[[Snapshot[Any]], bool]:
    """Staff see every letter; patients the signed ones that are for them."""

    def is_for_them(letter: Snapshot[Any]) -> bool:
        return isinstance(letter.state, Final) and caller.kind in letter.state.audience

    return (lambda letter: True) if caller.kind == "user" else is_for_them


def was_asked(request: Snapshot[Any]) -> bool:
    return not isinstance(request.state, Planned)


def stands(conflict: Snapshot[Any]) -> bool:
    return isinstance(conflict.state, Open)


async def what_was_asked(runtime: Runtime, found: Page) -> Besides:
    """Of each procedure which rules asked whether to go on, and what was answered."""
    asked = {each.id: each.state.asked for each in found if isinstance(each.state, WithCourse)}
    return {
        procedure_id: {"overrides": [await answer(runtime, each) for each in questions]}
        for procedure_id, questions in asked.items()
        if questions
    }


async def answer(runtime: Runtime, question: Question) -> Document:
    override = await runtime.load(OVERRIDE, question.override_id)
    state = override.state if override else None
    said = {"granted": state.granted} if isinstance(state, Decided) else {}
    status = tag_of(type(state)) if state else "asked"
    known = {"override_id": question.override_id, "rule": question.rule, "on": question.on.isoformat()}
    return {**known, "status": status, **said}


async def scores_of(runtime: Runtime, records: Sequence[str]) -> list[Told]:
    """Every score of the person, and which were entered by mistake."""
    requests = [each.id async for each in runtime.each_begun(MEASURE_REQUEST, records)]
    return await runtime.told(requests, MeasureScored, MeasureEnteredInError)


async def exposures_of(runtime: Runtime, records: Sequence[str]) -> list[Document]:
    """Of each record of which something is known."""
    profiles = [await runtime.load(OPIOID_PROFILE, profile_id(each)) for each in records]
    known = [each for each in profiles if each is not None and isinstance(each.state, Assessed)]
    judged = await runtime.told(ids(known), OpioidExposureAssessed)
    tapers = {each.lane_key: await taper_of(runtime, each.lane_key) for each in known}
    return [
        {
            "patient_id": each.lane_key,
            **{name: said for name in SHOWN if (said := getattr(each.state, name)) is not None},
            "judged": [
                {"at": msgspec.to_builtins(told.occurred_at), **told.fact.model_dump(mode="json")}
                for told in judged
                if told.aggregate_id == each.id
            ],
            **tapers[each.lane_key],
        }
        for each in known
    ]


async def taper_of(runtime: Runtime, record: str | None) -> Document:
    """What was agreed, as long as it goes on."""
    found = await runtime.load(TAPER, taper_id(record or ""))
    if found is None or not isinstance(found.state, Tapering):
        return {}
    return {"taper": {"steps": msgspec.to_builtins(found.state.steps, str_keys=True)}}


SHOWN = ("exposure", "mme_per_day", "has_buprenorphine", "stated", "list_ref")
