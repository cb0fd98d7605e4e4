"""Private facts of who else is told."""

from typing import Literal

from schemas.fact import Code, Id, Instant, PrivateFact
from services.notifications.templates.content import AnyTemplate


class CircleHeard(PrivateFact):
    type: Literal["notifications.circle_heard.v1"] = "notifications.circle_heard.v1"
    source_id: Id
    sequence: int


class ReferrerKnown(PrivateFact):
    type: Literal["notifications.referrer_known.v1"] = "notifications.referrer_known.v1"
    organisation_id: Id


class TeamKnown(PrivateFact):
    """Who works with this patient."""

    type: Literal["notifications.team_known.v1"] = "notifications.team_known.v1"
    members: tuple[Id, ...]
    disciplines: tuple[Code, ...]


class ProfessionalTold(PrivateFact):
    """A message to the referrer or to a member of staff is wanted."""

    type: Literal["notifications.professional_told.v1"] = "notifications.professional_told.v1"
    message_id: Id
    recipient_id: Id
    template: AnyTemplate
    subject_id: Id
    subject_version: int | None = None
    send_at: Instant
