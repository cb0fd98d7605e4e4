"""Reads for letters: what a template is filled with, and whom a letter is for. Nothing is changed here."""

from collections.abc import AsyncIterator, Sequence
from itertools import count
from typing import Any

import msgspec

from backbone.engine.runtime import Runtime
from backbone.http.access import is_own
from backbone.http.identity import Principal
from backbone.model import Disclosure, Snapshot
from schemas.care_plan.v1.codes import LetterKind
from schemas.care_plan.v1.letter import LetterRecalled
from services.care_plan.consultation.aggregate import CONSULTATION, Consultations
from services.care_plan.consultation.states import Completed
from services.care_plan.history.aggregate import HISTORY
from services.care_plan.letter.aggregate import (
    LETTER,
    Draft,
    Final,
    Letter,
    Letters,
    Recalled,
    letter_id,
)
from services.care_plan.opioid.aggregate import OPIOID_PROFILE
from services.care_plan.opioid.states import Assessed, profile_id
from services.care_plan.plan.aggregate import CARE_PLAN, CarePlans
from services.care_plan.plan.queries import texts
from services.care_plan.plan.states import NoPlan

NOTHING = "none recorded"


async def letters_of(runtime: Runtime, referral_id: str) -> Sequence[Snapshot[Letter]]:
    return await runtime.find(LETTER, Letters.referral_id(referral_id))


async def letter_about(runtime: Runtime, about: Snapshot[Any], kind: LetterKind) -> str:
    """The id of the letter that is being written about this, or of a new one."""
    known = {each.id: each.state for each in await letters_of(runtime, about.pathway_id or about.id)}
    for each, state in known.items():
        if isinstance(state, Draft) and state.kind == kind:
            return each
    course = getattr(about.state, "course", None)
    numbered = (letter_id(about.id, kind, course.plan_version if course else 1, again) for again in count())
    return next(each for each in numbered if not isinstance(known.get(each), Recalled))


async def text_of(runtime: Runtime, letter: Snapshot[Letter]) -> str | None:
    """None where it was erased, or not written yet."""
    body = await runtime.content(letter.state.text_ref) if isinstance(letter.state, Draft | Final) else None
    return msgspec.json.decode(body, type=str) if body else None


async def text_for(runtime: Runtime, caller: Principal, letter: Snapshot[Letter]) -> str | None:
    """Of what was sent in error nobody outside reads a word."""
    withheld = isinstance(letter.state, Recalled) and caller.kind != "user"
    return None if withheld else await text_of(runtime, letter)


async def is_for(runtime: Runtime, caller: Principal, letter: Snapshot[Letter]) -> bool:
    """Staff by right; whom it is for, once it is signed: the patient, and the practice that sent the referral."""
    if caller.kind == "user":
        return isinstance(letter.state, Draft | Final)
    if not isinstance(letter.state, Final) or caller.kind not in letter.state.audience:
        return False
    if caller.kind == "patient":
        return is_own(caller, letter.lane_key)
    return await referrer_of(runtime, letter) == caller.id


async def referrer_of(runtime: Runtime, letter: Snapshot[Letter]) -> str | None:
    """The practice that sent the referral, which reads what is for it."""
    history = await runtime.load(HISTORY, letter.pathway_id) if letter.pathway_id else None
    return history.state.referrer_org_id if history else None


async def recalled_about(runtime: Runtime, records: Sequence[str]) -> list[Disclosure]:
    """What went to practices for no purpose that permits it: letters that were sent in error, as their journals say."""
    letters = {each.id: each async for each in recalled(runtime, records)}
    told = [
        each for each in await runtime.told([*letters], LetterRecalled) if "referrer" in each.fact.audience
    ]
    practices = {each.aggregate_id: await referrer_of(runtime, letters[each.aggregate_id]) for each in told}
    return [
        Disclosure(
            at=each.occurred_at,
            to_kind="referrer",
            to_id=practice,
            purpose=None,
            kind="letter",
            way="read",
            resource=f"/letters/{each.aggregate_id}/recall",
        )
        for each in told
        if (practice := practices[each.aggregate_id]) is not None
    ]


async def recalled(runtime: Runtime, records: Sequence[str]) -> AsyncIterator[Snapshot[Letter]]:
    async for letter in runtime.each_begun(LETTER, records):
        if isinstance(letter.state, Recalled):
            yield letter


async def drafted(runtime: Runtime, kind: LetterKind, about: Snapshot[Any]) -> str:
    """The clinic's template, filled from what is known as data."""
    rules = runtime.rules
    fields = {"clinic": rules.clinic.name, "outcome": NOTHING, "diagnoses": NOTHING, "plan": NOTHING}
    fields["dose"] = await dose(runtime, about.lane_key or "")
    if about.pathway_id is not None:
        fields |= await outcome(runtime, about.pathway_id)
        fields["plan"] = await plan(runtime, about.pathway_id)
    return str(rules.letters.texts[kind].format_map(fields))


async def outcome(runtime: Runtime, referral_id: str) -> dict[str, str]:
    """Of the consultation of the referral."""
    found = [each.state for each in await runtime.find(CONSULTATION, Consultations.referral_id(referral_id))]
    for state in found:
        if isinstance(state, Completed):
            coded = ", ".join(f"{each.code} ({each.system})" for each in state.diagnoses)
            return {"outcome": state.outcome, "diagnoses": coded or NOTHING}
    return {}


async def plan(runtime: Runtime, referral_id: str) -> str:
    """Goals in the patient's words, and what was ordered."""
    for found in await runtime.find(CARE_PLAN, CarePlans.referral_id(referral_id)):
        if not isinstance(found.state, NoPlan):
            text = (await texts(runtime, found)).now
            goals = [f"- {goal.text} (by {goal.target_on})" for goal in text.goals]
            return "\n".join([*goals, *(f"- {each.discipline}: {each.kind}" for each in text.activities)])
    return NOTHING


async def dose(runtime: Runtime, patient_id: str) -> str:
    """Opioids, where their dose is known."""
    found = await runtime.load(OPIOID_PROFILE, profile_id(patient_id))
    if found is None or not isinstance(found.state, Assessed):
        return NOTHING
    known = found.state.mme_per_day
    return f"{known} MME a day" if known is not None else f"opioids: {found.state.exposure}"
