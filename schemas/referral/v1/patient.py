"""Facts of the patient registry. Who the person is stays there; these name an opaque id."""

from typing import Annotated, ClassVar, Literal

from schemas.fact import FEW, Day, Fact, Id, Language, YesNo, ZoneName, sensitivity
from schemas.referral.v1.codes import Changed, DeathSource, ErasureGround, KeepingGround


class PatientFact(Fact):
    """A fact of a patient's record."""

    aggregate: ClassVar[str] = "patient"


class PatientRegistered(PatientFact):
    """First contact made a record. Other services may keep one of their own now."""

    type: Literal["referral.patient_registered.v1"] = "referral.patient_registered.v1"
    is_adult: Annotated[YesNo | None, sensitivity("phi")] = None
    language: Language
    interpreter_needed: YesNo
    time_zone: ZoneName
    source_key_ref: Id


class PatientUpdated(PatientFact):
    """Demographics or contact changed; the values travel on `referral.contacts` only. `is_adult`: when the birth date
    became known later, was corrected, or the person came of age since."""

    type: Literal["referral.patient_updated.v1"] = "referral.patient_updated.v1"
    changed: Annotated[tuple[Changed, ...], FEW]
    is_adult: Annotated[YesNo | None, sensitivity("phi")] = None


class PatientsMerged(PatientFact):
    """Two records are one person: told under both keys (EVT-03). Records are shown under the surviving id."""

    type: Literal["referral.patients_merged.v1"] = "referral.patients_merged.v1"
    surviving_id: Id
    merged_id: Id


class MergeUndone(PatientFact):
    """They are two persons after all, a named person decided: told under both keys. Each record belongs again to the
    patient it was born with."""

    type: Literal["referral.merge_undone.v1"] = "referral.merge_undone.v1"
    surviving_id: Id
    restored_id: Id
    decided_by: Id


class PatientDeceased(PatientFact):
    """Nothing planned for this patient takes place. Told again when the day becomes known."""

    type: Literal["referral.patient_deceased.v1"] = "referral.patient_deceased.v1"
    died_on: Annotated[Day | None, sensitivity("phi")] = None
    source: DeathSource


class DeathDoubted(PatientFact):
    """The death came from another record with a merge that was undone since; or another day of it was told than the
    one that is known, `died_on`, by this record or by the one that was merged. A named person says what holds."""

    type: Literal["referral.death_doubted.v1"] = "referral.death_doubted.v1"
    from_id: Id
    died_on: Annotated[Day | None, sensitivity("phi")] = None


class DeathSettled(PatientFact):
    """A named person said whether they died, and on which of several days. Of what a death cancelled nothing comes back
    by itself."""

    type: Literal["referral.death_settled.v1"] = "referral.death_settled.v1"
    lives: YesNo
    decided_by: Id
    died_on: Annotated[Day | None, sensitivity("phi")] = None


class PatientErased(PatientFact):
    """The person is forgotten, the privacy officer decided: told under the key of each of their records. Whoever keeps
    something of theirs forgets it too; what was sealed with their key can't be read any more."""

    type: Literal["referral.patient_erased.v1"] = "referral.patient_erased.v1"
    ground: ErasureGround
    decided_by: Id


class ErasureRefused(PatientFact):
    """The person asked to be forgotten, and the privacy officer decided that the record must stay."""

    type: Literal["referral.erasure_refused.v1"] = "referral.erasure_refused.v1"
    ground: KeepingGround
    decided_by: Id
