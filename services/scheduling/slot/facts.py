"""Private facts of a slot: they stand in this service's journal only."""

from typing import Literal

from schemas.fact import Count, Id, Instant, PrivateFact


class SlotHeld(PrivateFact):
    """For an offer or a joint day; free again at `until`."""

    type: Literal["scheduling.slot_held.v1"] = "scheduling.slot_held.v1"
    clinician_id: Id
    start: Instant
    appointment_id: Id
    until: Instant
    place: Count = 1


class SlotTaken(PrivateFact):
    type: Literal["scheduling.slot_taken.v1"] = "scheduling.slot_taken.v1"
    clinician_id: Id
    start: Instant
    appointment_id: Id
    place: Count = 1


class NextSought(PrivateFact):
    """Who waits and comes first is looked for, to be asked (ATT-09)."""

    type: Literal["scheduling.next_sought.v1"] = "scheduling.next_sought.v1"
    search_id: Id


class AskingDelayed(PrivateFact):
    """Nobody is asked at night."""

    type: Literal["scheduling.asking_delayed.v1"] = "scheduling.asking_delayed.v1"
    until: Instant


class SearchEnded(PrivateFact):
    """Somebody is asked."""

    type: Literal["scheduling.search_ended.v1"] = "scheduling.search_ended.v1"
    search_id: Id


class SlotReleased(PrivateFact):
    """Whose it was: who counts the places of a group has to know."""

    type: Literal["scheduling.slot_released.v1"] = "scheduling.slot_released.v1"
    clinician_id: Id | None = None
    start: Instant | None = None
    appointment_id: Id | None = None
    place: Count = 1
