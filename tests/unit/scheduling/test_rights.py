"""Who may ask what: each command of a person has one group in every state; what facts and timers ask has none."""

from typing import Any

import pytest

from backbone.model import SYSTEM, Aggregate, Rights, group_of, permits, tag_of
from services.scheduling.appointment.commands import CancelAppointment
from services.scheduling.appointment.states import Arrived, CheckedIn
from services.scheduling.roles import (
    ANYBODY_INVOLVED,
    CLINICIAN,
    CLINICIAN_OR_DESK,
    COORDINATOR,
    COORDINATOR_OR_PATIENT,
    DECIDES_ABSENCES,
    DECIDES_GROUPS,
    EVIDENCE,
    RECEPTION,
    REGISTRAR,
    WAIVER,
)
from services.scheduling.service import SERVICE
from tests.unit.scheduling import situations as who

OF_PEOPLE = {
    **dict.fromkeys(
        ("offer_dates", "hold_date", "remove_entry", "propose_day", "replace_leg", "keep_rest"), COORDINATOR
    ),
    **dict.fromkeys(("release_date", "record_authorisation"), COORDINATOR),
    **dict.fromkeys(
        ("decline_offer", "book_date", "release_hold", "move_date", "agree_to_short_notice"),
        COORDINATOR_OR_PATIENT,
    ),
    **dict.fromkeys(("confirm_appointment", "accept_day", "decline_day"), COORDINATOR_OR_PATIENT),
    **dict.fromkeys(("record_unavailability", "end_unavailability", "belong_to"), COORDINATOR_OR_PATIENT),
    **dict.fromkeys(("arrive", "check_in"), RECEPTION),
    **dict.fromkeys(("attend", "miss_appointment", "correct_attendance"), CLINICIAN_OR_DESK),
    **dict.fromkeys(("cancel_appointment", "lose_leg", "move_leg"), ANYBODY_INVOLVED),
    "decide_absence": DECIDES_ABSENCES,
    **dict.fromkeys(("keep_group", "call_off_group"), DECIDES_GROUPS),
    "mark_in_error": REGISTRAR,
    "record_evidence": EVIDENCE,
    "waive_gate": WAIVER,
    "review_attendance": CLINICIAN,
}
NOT_THEIRS = {
    COORDINATOR: (who.NURSE, who.PHYSICIAN, who.PATIENT, who.REFERRER),
    COORDINATOR_OR_PATIENT: (who.REFERRER,),
    DECIDES_ABSENCES: (who.NURSE, who.PHYSICIAN, who.CLERK, who.PATIENT, who.REFERRER, SYSTEM),
    DECIDES_GROUPS: (who.CLERK, who.PATIENT, who.REFERRER, SYSTEM),
    RECEPTION: (who.PATIENT, who.REFERRER),
    CLINICIAN_OR_DESK: (who.PATIENT, who.REFERRER, SYSTEM),
    ANYBODY_INVOLVED: (),
    REGISTRAR: (who.COORDINATOR, who.PHYSICIAN, who.NURSE, who.PATIENT, who.REFERRER, SYSTEM),
    EVIDENCE: (who.CLERK, who.PATIENT, who.REFERRER, SYSTEM),
    WAIVER: (who.COORDINATOR, who.CLERK, who.NURSE, who.PATIENT, who.REFERRER, SYSTEM),
    CLINICIAN: (who.COORDINATOR, who.CLERK, who.PATIENT, who.REFERRER, SYSTEM),
}


@pytest.mark.parametrize("aggregate", SERVICE.aggregates, ids=lambda each: each.kind)
def test_what_a_person_asks_names_who_may_and_the_rest_is_asked_by_facts_and_timers(
    aggregate: Aggregate[Any],
) -> None:
    for (state, command), decide in aggregate.decide.rows.items():
        leaves = command is CancelAppointment and state in (Arrived, CheckedIn)
        group = RECEPTION if leaves else OF_PEOPLE.get(tag_of(command))
        assert group_of(decide) is group, (state, command)


@pytest.mark.parametrize("group", NOT_THEIRS, ids=lambda each: each.name)
def test_who_is_not_of_the_group_may_not(group: object) -> None:
    refused = {actor for actor in who.EVERYBODY if not permits(group, actor, Rights(), who.rules())}  # type: ignore[arg-type]
    assert refused == {who.OUTSIDER, *NOT_THEIRS[group]}  # type: ignore[index]
