"""Who may do what with consents and messages: every route, every kind of caller; and what is refused leaves nothing."""

from config.staff import CLINICIANS
from services.notifications.escalation.aggregate import escalation_id
from services.notifications.roles import COORDINATOR, STAFF_OR_PATIENT
from services.notifications.roles import STAFF as AT_WORK
from services.notifications.service import SERVICE
from tests.support.access import OUTSIDE, READERS, Row, SilentStore, at, differences
from tests.support.desk import FLAG
from tests.support.feed import PATIENT
from tests.support.post_room import PostRoom, shipped_rules
from tests.support.referral_facts import red_flag_raised

MANAGER = shipped_rules().staff.by_login["mina.cho"].id
THEIRS = frozenset({"the patient"})
STRANGERS = OUTSIDE - THEIRS
PORTAL = OUTSIDE - {"a partner"}


async def test_every_route_answers_each_kind_of_caller_as_the_table_says() -> None:
    room = await PostRoom(store=SilentStore()).ready()
    await room.by_post()
    await room.book("2027-01-20 14:00")
    await room.tell(red_flag_raised())
    path = {
        "patient_id": PATIENT,
        "message_id": await room.message("APPT_D1"),
        "attempt": "1",
        "escalation_id": escalation_id("red_flag", FLAG),
    }
    rows = {name: at(row, **path) for name, row in ROWS.items()}
    rows["post_letter"] = at(rows["post_letter"], message_id=await room.message("REF_RECEIVED"))
    found = await differences(room, SERVICE, rows, PATIENT)
    assert not found, "\n".join(found)


def test_staff_who_speak_for_patients_are_those_who_see_them() -> None:
    assert STAFF_OR_PATIENT.roles == AT_WORK.roles > COORDINATOR.roles


WORK = READERS | {"service_manager", "privacy_officer"}
ROWS = {
    "record_consent": Row(
        frozenset(AT_WORK.roles) | THEIRS, STRANGERS, body={"channel": "email", "given": True}
    ),
    "list_consents": Row(READERS | THEIRS, STRANGERS),
    "list_messages": Row(READERS | THEIRS, STRANGERS),
    "read_portal": Row(PORTAL),
    "list_letters": Row(READERS),
    "list_replies_of_patient": Row(frozenset(CLINICIANS) | {"care_coordinator", "the patient"}, STRANGERS),
    "list_replies": Row(frozenset(CLINICIANS) | {"care_coordinator"}),
    "get_message_actions": Row(READERS),
    "cancel_message": Row(frozenset(COORDINATOR.roles), body={"reason": "spoken_to"}),
    "record_contact": Row(frozenset(AT_WORK.roles), body={"result": "reached"}),
    "post_letter": Row(frozenset(AT_WORK.roles)),
    "list_escalations": Row(WORK),
    "get_escalation": Row(WORK),
    "get_escalation_history": Row(WORK),
    "get_escalation_actions": Row(WORK),
    "record_escalation_call": Row(frozenset(AT_WORK.roles), body={"by_id": MANAGER}),
    "note_status": Row(frozenset()),
    "take_text": Row(frozenset()),
}
"""The gateway's routes take no token: they are for whoever signs as the gateway."""
