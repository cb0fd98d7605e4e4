"""The states of an authorisation. It is for a family of procedures of one referral: two blocks may share it."""

from datetime import date

from backbone.ids import derive
from backbone.model import State
from schemas.codes import ProcedureFamily


class NoAuthorisation(State, tag="none", frozen=True, kw_only=True):
    pass


class Needed(State, frozen=True, kw_only=True):
    """`procedures`: which need it. `told`: of which it was said that it does not reach."""

    family: ProcedureFamily
    referral_id: str | None = None
    procedures: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


class Unanswered(Needed, tag="unanswered", frozen=True, kw_only=True):
    """Nobody has asked the payer yet."""


class Pending(Needed, tag="pending", frozen=True, kw_only=True):
    pass


class Approved(Needed, tag="approved", frozen=True, kw_only=True):
    valid_from: date
    valid_to: date

    def covers(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to

    def is_over(self, day: date) -> bool:
        return self.valid_to < day


class Denied(Needed, tag="denied", frozen=True, kw_only=True):
    pass


class Expired(Needed, tag="expired", frozen=True, kw_only=True):
    pass


Known = Unanswered | Pending | Approved | Denied | Expired
Authorisation = NoAuthorisation | Known


def authorisation_id(referral_id: str, family: ProcedureFamily) -> str:
    return derive(referral_id, f"authorisation:{family}")
