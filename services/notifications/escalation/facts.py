"""Private facts of an escalation."""

from typing import Literal

from schemas.fact import Code, Id, Instant, PrivateFact, YesNo
from schemas.notifications.v1.codes import Channel
from services.notifications.templates.content import AnyTemplate


class FromOrigin(PrivateFact):
    """A step because of a fact elsewhere."""

    origin_type: Code
    origin_id: Id
    origin_sequence: int
    origin_at: Instant


class LadderBegun(FromOrigin):
    """What the public fact must not say: where the warning waits, and the code of replies."""

    type: Literal["notifications.ladder_begun.v1"] = "notifications.ladder_begun.v1"
    queue: Code
    code: Code


class RaiseOvertaken(FromOrigin):
    """A warning that was dealt with before it was heard of: it is resolved, nobody is called."""

    type: Literal["notifications.raise_overtaken.v1"] = "notifications.raise_overtaken.v1"


class ResolutionRemembered(FromOrigin):
    """What was dealt with before it was raised; or the fact behind the public one."""

    type: Literal["notifications.resolution_remembered.v1"] = "notifications.resolution_remembered.v1"


class RoundPlanned(PrivateFact):
    """People are called when the clinic opens."""

    type: Literal["notifications.round_planned.v1"] = "notifications.round_planned.v1"
    call_at: Instant


class RoundCalled(PrivateFact):
    """These people are called now. Nobody: the roster names none."""

    type: Literal["notifications.round_called.v1"] = "notifications.round_called.v1"
    called: tuple[Id, ...]
    earlier: tuple[Id, ...] = ()
    """Whom earlier rounds of the episode called, and this one does not."""


class PersonPaged(PrivateFact):
    """A page to one person by one channel is wanted."""

    type: Literal["notifications.person_paged.v1"] = "notifications.person_paged.v1"
    message_id: Id
    recipient_id: Id
    template: AnyTemplate
    subject_id: Id
    subject_version: int
    send_at: Instant
    only: Channel
    code: Code
    emergency: YesNo = False


class AssessmentNoted(PrivateFact):
    """Who acknowledged has assessed."""

    type: Literal["notifications.assessment_noted.v1"] = "notifications.assessment_noted.v1"


class ItemNoted(PrivateFact):
    type: Literal["notifications.item_noted.v1"] = "notifications.item_noted.v1"
    item_id: Id


class ClaimRemembered(PrivateFact):
    """Somebody claimed the item of a warning that was not heard of yet."""

    type: Literal["notifications.claim_remembered.v1"] = "notifications.claim_remembered.v1"
    by_id: Id
    at: Instant
