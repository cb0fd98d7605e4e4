"""What makes this service act besides requests: referrals that come in over Kafka. It reacts to no fact
yet."""

from backbone.service import Cause, Intake, On, Orders, one, together
from schemas.referral.v1.intake import ReferralSubmission
from services.referral.domain.organisation import ORGANISATION
from services.referral.domain.patient.aggregate import PATIENT
from services.referral.domain.referral.aggregate import REFERRAL
from services.referral.domain.rules import Rules
from services.referral.domain.submission import channel, receipt, registration


def receive_referral(submission: ReferralSubmission, cause: Cause, rules: Rules) -> Orders:
    """The same for HTTP and Kafka: the person is registered and the referral received, or neither.

    The organisation belongs to no patient, so it stands outside the group.
    """
    identifier = submission.patient.identifier
    patient = PATIENT.by(identifier=(identifier.system, identifier.value))
    referral = REFERRAL.by(source=(submission.source_system, submission.source_id))
    yield together(
        PATIENT.send(registration(submission.patient), to=patient),
        REFERRAL.send(receipt(submission, cause.at, rules), to=referral),
        about=patient,
        pathway=referral,
    )
    if record := channel(submission.referrer):
        yield ORGANISATION.send(record, to=one(submission.referrer.organisation_id))


REACTIONS: tuple[On, ...] = ()

INTAKES = (Intake("referral.intake", ReferralSubmission, receive_referral),)
