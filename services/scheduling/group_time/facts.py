"""Private facts of a group's time: they stand in this service's journal only."""

from typing import Literal

from schemas.codes import Discipline
from schemas.fact import Count, Id, Instant, PrivateFact


class PlaceSold(PrivateFact):
    type: Literal["scheduling.place_sold.v1"] = "scheduling.place_sold.v1"
    clinician_id: Id
    discipline: Discipline
    start: Instant
    place: Count
    appointment_id: Id


class PlaceGivenBack(PrivateFact):
    type: Literal["scheduling.place_given_back.v1"] = "scheduling.place_given_back.v1"
    place: Count
