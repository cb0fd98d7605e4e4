"""The taper of a patient as one aggregate: what each fact makes of it, and whose exposure it looks at."""

from collections.abc import Iterable

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Head, Table, like
from schemas.care_plan.v1.opioid import TaperEnded, TaperStarted, TaperStepRecorded
from services.care_plan.opioid.states import opioids_seen
from services.care_plan.taper.commands import FollowDose, StartTaper
from services.care_plan.taper.decide import DECIDE
from services.care_plan.taper.facts import DoseFollowed, StepTaken, TaperAgreed
from services.care_plan.taper.states import Steady, Step, Taper, Tapering, taper_id, tapers_seen


def followed(state: Taper, fact: DoseFollowed, head: Head) -> Taper:
    return replace(state, dose=fact.mme, heard_of=(*state.heard_of, head.causation_id))


def agreed(state: Steady, fact: TaperAgreed, head: Head) -> Tapering:
    return like(Tapering, state, steps=tuple(like(Step, each) for each in fact.steps))


def started(state: Tapering, fact: TaperStarted, head: Head) -> Tapering:
    return state


def taken(state: Tapering, fact: StepTaken, head: Head) -> Tapering:
    return state


def stepped(state: Taper, fact: TaperStepRecorded, head: Head) -> Taper:
    return replace(state, dose=fact.mme, heard_of=(*state.heard_of, head.causation_id))


def ended(state: Tapering, fact: TaperEnded, head: Head) -> Steady:
    return like(Steady, state)


def needs(state: Taper, command: Command) -> Iterable[tuple[str, str]]:
    if isinstance(command, FollowDose):
        yield from opioids_seen(command.patient_id)
    if isinstance(command, StartTaper):
        yield from tapers_seen(command.patient_id)


TAPER = Aggregate[Taper](
    "taper",
    Steady(),
    decide=DECIDE,
    evolve=Table(followed, agreed, started, taken, stepped, ended),
    needs=needs,
    of_person=True,
    of_record=taper_id,
)
