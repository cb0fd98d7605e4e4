"""Who looks alike. Found by a keyed hash of name, birth date and telephone number: none of them is stored.

Software merges nobody: it asks (referral.md, "Duplicates").
"""

from collections.abc import Mapping

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Decision, Given, Head, Lookup, Send, State, Table
from schemas.fact import Fact
from services.referral.likeness.facts import LikenessFound, PersonSeen
from services.referral.patient.states import Contact, Identity
from services.referral.rules import Rules


class Likeness(State, tag="likeness", frozen=True, kw_only=True):
    """By patient, the latest referral."""

    seen: Mapping[str, str] = {}


class Resemble(Command, tag="resemble", kw_only=True, frozen=True):
    """Whom the order is about looks like this."""


def resemble(state: Likeness, command: Resemble, given: Given[Rules]) -> Decision:
    """All who look like this are as close: who came last is asked about first, and how many more there are is said."""
    patient, referral = given.about, given.about_pathway
    if patient is None or referral is None or state.seen.get(patient) == referral:
        return ()
    others = [(other, theirs) for other, theirs in reversed([*state.seen.items()]) if other != patient]
    asked = others[: given.rules.referral.lookalikes.values.asked]
    more = (len(others) - len(asked)) or None
    facts: list[Fact] = [PersonSeen(patient_id=patient, referral_id=referral)]
    for other, theirs in asked:
        found = LikenessFound(
            patient_id=patient,
            referral_id=referral,
            other_patient_id=other,
            other_referral_id=theirs,
            more=more,
        )
        facts.append(found)
    return facts


def seen(state: Likeness, fact: PersonSeen, head: Head) -> Likeness:
    """Who was seen last stands last."""
    others = {name: referral for name, referral in state.seen.items() if name != fact.patient_id}
    return replace(state, seen={**others, fact.patient_id: fact.referral_id})


def found(state: Likeness, fact: LikenessFound, head: Head) -> Likeness:
    return state


LIKENESS = Aggregate[Likeness](
    "likeness",
    Likeness(),
    decide=Table(resemble),
    evolve=Table(seen, found),
    has_lane=False,
    has_pathway=False,
)


def likeness_of(identity: Identity, contact: Contact) -> Lookup | None:
    """Only who has all three can be taken for somebody."""
    if not (identity.family_name and identity.birth_date and contact.phone):
        return None
    given_names = (identity.given_names or "").casefold()
    digits = "".join(filter(str.isdigit, contact.phone))
    key = (identity.family_name.casefold(), given_names, identity.birth_date.isoformat(), digits)
    return LIKENESS.by(person=key)


def look(identity: Identity, contact: Contact) -> list[Send]:
    likeness = likeness_of(identity, contact)
    return [LIKENESS.send(Resemble(), to=likeness)] if likeness else []
