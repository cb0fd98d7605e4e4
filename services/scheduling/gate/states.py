"""The states of a gate; and how the gates of a procedure are seen by whoever decides about its date."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from backbone.ids import derive
from backbone.model import Given, State
from schemas.codes import GATE_KIND, GateKind, ProcedureFamily
from schemas.scheduling.v1.codes import CheckClass, GateScope
from services.scheduling.rules import GateRule, Rules


class NoGate(State, tag="none", frozen=True, kw_only=True):
    pass


class Asked(State, frozen=True, kw_only=True):
    """What every gate is. `overrides`: which are asked for and not granted, `granted`: which were; `plan_id`: of which
    plan it follows."""

    kind: GateKind
    procedure_id: str
    check_class: CheckClass
    blocks_booking: bool
    referral_id: str | None = None
    family: ProcedureFamily | None = None
    previous_id: str | None = None
    """The procedure before it, whose outcome is to be known (PRC-04)."""
    plan_id: str | None = None
    asked_by: int = 0
    """The number of the fact that asked for the plan last: the same, told again, asks for nothing new."""
    overrides: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    needed_at: datetime | None = None
    """When the procedure is to be: what is shown has to hold then (PRC-05)."""
    taken_from: datetime | None = None
    most: Decimal | None = None
    """ANT-05: since when a value may be taken and how high it may be, as the signed plan has it."""

    @property
    def is_met(self) -> bool:
        return False

    def covers(self, day: date) -> bool:
        """Does what was shown hold on this day?"""
        return self.is_met


class Live(Asked, frozen=True, kw_only=True):
    """Somebody asks for it."""


class Open(Live, tag="open", frozen=True, kw_only=True):
    pass


class Failed(Live, tag="failed", frozen=True, kw_only=True):
    pass


class Met(Live, frozen=True, kw_only=True):
    @property
    def is_met(self) -> bool:
        return True


class Satisfied(Met, tag="satisfied", frozen=True, kw_only=True):
    evidence_ref: str
    valid_from: date | None = None
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_to or day)


class Waived(Met, tag="waived", frozen=True, kw_only=True):
    pass


class Closed(Asked, tag="closed", frozen=True, kw_only=True):
    pass


Unmet = Open | Failed
Gate = NoGate | Unmet | Satisfied | Waived | Closed


def gate_id(procedure_id: str, kind: GateKind) -> str:
    return derive(procedure_id, f"gate:{kind}")


def gates_seen(procedure_id: str | None) -> Iterable[tuple[str, str]]:
    """For `needs`: every gate that the procedure may have."""
    if procedure_id:
        yield from (("gate", gate_id(procedure_id, kind)) for kind in GATE_KIND.codes)


def rule_of(kind: GateKind, rules: Rules) -> GateRule:
    return rules.scheduling.gates.values.kinds[kind]


class Gates(tuple[Live, ...]):
    """The gates of one procedure that somebody asks for."""

    @classmethod
    def of(cls, procedure_id: str | None, given: Given[Rules]) -> Self:
        found = (given.others.get(key) for key in gates_seen(procedure_id))
        return cls(each for each in found if isinstance(each, Live))

    def of_scope(self, scope: GateScope) -> Sequence[Live]:
        if scope == "booking":
            return [each for each in self if each.check_class == "pre" and each.blocks_booking]
        return [each for each in self if each.check_class == scope]

    def open(self, scope: GateScope, day: date) -> tuple[GateKind, ...]:
        """Which are not met on this day: what ends before it does not count (PRC-05)."""
        return tuple(each.kind for each in self.of_scope(scope) if not each.covers(day))

    def reopened_by_move(self, day: date, rules: Rules) -> tuple[GateKind, ...]:
        """What was shown for another date, or does not hold on this one (ANT-04)."""
        return tuple(each.kind for each in self if each.is_met and goes_with_date(each, day, rules))


def goes_with_date(gate: Live, day: date | None, rules: Rules) -> bool:
    """Must it be shown again, now that the procedure has this date, or none?"""
    return rule_of(gate.kind, rules).of_the_date or (day is not None and not gate.covers(day))
