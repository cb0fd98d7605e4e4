"""Every public fact has a reader inside, or stands here for those who subscribe from outside, with its reason."""

from cli.composition import service_of
from schemas.registry import facts
from schemas.services import NAMES

FOR_INTEGRATORS = {
    "care_plan.goal_closed.v1": "goals are read where the plan is; their levels are heard",
    "care_plan.goal_set.v1": "as above",
    "care_plan.mdt_meeting_closed.v1": "each case of the meeting has a fact of its own, which closes its work",
    "care_plan.mdt_meeting_scheduled.v1": "who prepares hears of the case that is listed",
    "notifications.message_sent.v1": "what arrived, or did not, is what counts",
    "referral.erasure_refused.v1": "nothing changes for anybody; the record says it",
    "referral.waitlisted.v1": "the entry of the waiting list is what others follow",
    "scheduling.appointment_confirmed.v1": "it asks nobody for anything",
    "scheduling.booking_blocked.v1": "what is open is work of its own, by gate and by plan",
    "worklist.item_held.v1": "queues show their rows themselves; no clinical service acts on them",
    "worklist.item_reprioritised.v1": "as above",
    "worklist.item_resumed.v1": "as above",
    "worklist.item_transferred.v1": "as above",
}


def test_every_public_fact_is_heard_or_is_for_integrators_only() -> None:
    heard = {each.fact.wire_type for name in NAMES for each in service_of(name).reactions}
    unheard = facts().keys() - heard
    assert unheard - FOR_INTEGRATORS.keys() == set(), (
        "a service hears it, or FOR_INTEGRATORS says whom it is for"
    )
    assert FOR_INTEGRATORS.keys() - unheard == set(), "FOR_INTEGRATORS has what is heard"
