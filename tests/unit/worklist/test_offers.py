"""What a person may do in a queue at all: as the guards of the deciders say, whoever asks."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from backbone.model import Actor, Rights, group_of, permits
from config.staff import StaffMember
from schemas.codes import Queue
from services.worklist.item.aggregate import ITEM
from services.worklist.offers.documents import OFFERS, Offer, offers
from tests.support.desk import shipped_rules

RULES = shipped_rules()
OWN = ["claim", "claim_safety", "keep", "release", "hold", "transfer", "undo", "resume"]


def can(queue: Queue, login: str = "", *roles: str) -> list[Offer]:
    member = RULES.staff.by_login.get(login)
    who = (member.id, member.roles, member.disciplines) if member else ("a stranger", roles, ())
    return offers(queue, Actor("user", who[0], None), Rights(tuple(who[1]), tuple(who[2])), RULES)


def test_who_works_in_a_queue_does_what_is_their_own() -> None:
    assert can("nursing", "nora.quinn") == OWN


def test_a_lead_also_does_what_is_others() -> None:
    assert set(can("nursing", "", "clinical_lead")) >= {
        "release_others",
        "hold_others",
        "transfer_others",
        "undo_others",
        "escalate",
        "reprioritise",
    }


def test_who_does_not_work_there_may_do_nothing() -> None:
    assert can("pharmacy", "", "triage_nurse") == can("nursing", "", "receptionist") == []


def test_who_is_called_for_a_queue_may_claim_its_warnings_only() -> None:
    leads = {"clinical_lead", "medical_director"}
    called = next(
        each
        for each in RULES.staff.members
        if each.id
        in RULES.called_for("psychology") - {lead.id for lead in RULES.staff.members if leads & {*lead.roles}}
        and "psychology" not in each.disciplines
    )
    assert can("psychology", called.login) == ["claim_safety", "keep", "release", "hold", "transfer", "undo"]


roles = st.lists(st.sampled_from(sorted({role for each in RULES.staff.members for role in each.roles})))


@given(st.sampled_from(get_args(Queue)), roles, st.sampled_from(RULES.staff.members))
def test_nothing_is_offered_that_the_guard_of_its_decider_refuses(
    queue: Queue, roles: list[str], member: StaffMember
) -> None:
    actor, rights = Actor("user", member.id, None), Rights(tuple(roles), ())
    for offer in offers(queue, actor, rights, RULES):
        case = OFFERS[offer]
        state = case.item(queue, member.id)
        group = group_of(ITEM.decide.rows[type(state), case.command], state, RULES)
        assert group and permits(group, actor, rights, RULES)


def test_every_command_of_a_person_is_among_the_offers() -> None:
    asked = {
        command
        for (_, command), decide in ITEM.decide.rows.items()
        if getattr(decide, "whom", None) is not None
    }
    assert asked == {case.command for case in OFFERS.values()}
    assert tuple(OFFERS) == get_args(Offer)
