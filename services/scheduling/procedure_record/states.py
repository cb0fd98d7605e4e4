"""The procedures of a referral, as far as dates depend on them. Its id derives from the referral's."""

from collections.abc import Mapping
from datetime import date

import msgspec

from backbone.ids import derive
from backbone.model import Given, State
from schemas.care_plan.v1.codes import SequenceRole, Side, SpinalRegion
from services.scheduling.rules import Rules


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """To a series: for every procedure on these days. `evidence_ref`: what the patient signed."""

    evidence_ref: str
    valid_from: date
    valid_to: date

    def covers(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


class Procedure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`done`, `outcome`: it took place, and what it brought is known."""

    role: SequenceRole | None = None
    region: SpinalRegion
    side: Side
    done: bool = False
    outcome: bool = False


class ProcedureRecord(State, tag="procedure_record", frozen=True, kw_only=True):
    procedures: Mapping[str, Procedure] = {}
    """In order of the orders."""
    consent: Consent | None = None
    """The latest to a series."""

    def before(self, procedure_id: str) -> Mapping[str, Procedure]:
        """What took place, beside this one."""
        return {name: each for name, each in self.procedures.items() if each.done and name != procedure_id}

    def first(self, procedure_id: str, rules: Rules) -> SequenceRole | None:
        """What has to take place before this one, at the same place, and is still to come (SCH-04)."""
        this = self.procedures.get(procedure_id)
        earlier = (
            rules.scheduling.order_of_care.values.before.get(this.role, ()) if this and this.role else ()
        )
        for each in self.procedures.values():
            if this and each.role in earlier and not each.done and same_place(each, this):
                return each.role
        return None


def same_place(one: Procedure, other: Procedure) -> bool:
    return one.region == other.region and (one.side == other.side or "both" in (one.side, other.side))


def procedures_id(referral_id: str) -> str:
    return derive(referral_id, "procedures")


def procedures_of(referral_id: str | None, given: Given[Rules]) -> ProcedureRecord:
    """As the decider asked for it."""
    found = given.others.get(("procedure_record", procedures_id(referral_id))) if referral_id else None
    return found if isinstance(found, ProcedureRecord) else ProcedureRecord()
