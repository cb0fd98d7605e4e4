"""What the tests of plans for antithrombotics share: lists of drugs, procedures, a plan in each of its states."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from backbone.model import Command
from schemas.care_plan.v1.antithrombotic import AntithromboticPlanSigned
from services.care_plan.antithrombotic_plan.aggregate import ANTITHROMBOTIC_PLAN
from services.care_plan.antithrombotic_plan.commands import (
    Choice,
    DraftPlan,
    FollowProcedure,
    NoteDate,
    RecordAgreement,
    SignPlan,
)
from services.care_plan.opioid.states import Assessed
from services.care_plan.override.states import NotAsked
from services.care_plan.renal_function.states import KIND, RenalFunction, RenalValue
from tests.support.deciding import LANE, TARGET, Result, Situation, deciding
from tests.unit.care_plan.situations import NURSE, PROCEDURALIST, rules, some_id

PROCEDURE, APPOINTMENT = some_id("procedure"), some_id("appointment")
TEXT = "Take the last one on Saturday at ten. Nothing instead of it. We call on Friday."
NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    """At the clinic."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def takes(*drugs: str, whole: bool = True, ways: tuple[str, ...] = ()) -> Assessed:
    ids = tuple(some_id(each) for each in ways)
    return Assessed(exposure="none", list_ref=some_id("list"), antithrombotics=drugs, whole=whole, ways=ids)


NO_LIST = Assessed(exposure="incomplete")


def ordered(family: str = "mbb_ct", region: Any = "cervical", risk: Any = "intermediate") -> FollowProcedure:
    return FollowProcedure(
        procedure_id=PROCEDURE, patient_id=LANE, referral_id=TARGET, family=family, region=region, risk=risk
    )


LUMBAR = ordered("mbb_ls", "lumbar", "low")
STIMULATOR = ordered("scs", "thoracic", "high")
DATE = NoteDate(appointment_id=APPOINTMENT, version=1, start=at("2027-04-22 10:00"))


def sign(version: int = 1, **more: Any) -> SignPlan:
    return SignPlan(appointment_id=APPOINTMENT, appointment_version=version, text=TEXT, **more)


def draft(**choices: dict[str, Any]) -> DraftPlan:
    return DraftPlan(choices=tuple(Choice(drug=drug, **said) for drug, said in choices.items()))


def agree(drug: str = "warfarin") -> RecordAgreement:
    return RecordAgreement(drug=drug, prescriber="Dr. Amari, Harbor Cardiology")


class Answering(dict[Any, Any]):
    """What stands beside; nobody has answered any question of an override yet, or stated any kidneys."""

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or (isinstance(key, tuple) and key[0] in ("override", KIND))

    def __missing__(self, key: Any) -> Any:
        return RenalFunction() if key[0] == KIND else NotAsked()


def kidneys(value: str, taken_on: str = "2027-01-04", measure: str = "egfr") -> RenalValue:
    return RenalValue(date.fromisoformat(taken_on), Decimal(value), measure)


def known_of(*results: RenalValue) -> dict[Any, Any]:
    """What the person's record says of their kidneys."""
    return {(KIND, LANE): RenalFunction(results=results)}


def situation(
    *steps: Command | Any, lists: Assessed | None = None, renal: RenalValue | None = None
) -> Situation:
    known = takes("warfarin") if lists is None else lists
    others: dict[Any, Any] = Answering({("opioid_profile", LANE): known})
    others |= known_of(*((renal,) if renal else ()))
    return deciding(ANTITHROMBOTIC_PLAN, rules(), others=others)(*steps)


def drafted(*more: Any) -> Situation:
    return situation(ordered(), DATE, PROCEDURALIST, draft(), *more)


def agreed(*more: Any) -> Situation:
    return drafted(NURSE, agree(), *more)


def signed(*more: Any) -> Situation:
    return agreed(PROCEDURALIST, sign(), *more)


def only_signed(found: Result) -> list[AntithromboticPlanSigned]:
    assert found.refusal is None, found.refusal
    return [each for each in found.only_facts if isinstance(each, AntithromboticPlanSigned)]
