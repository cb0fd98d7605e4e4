"""What the care plan's tests share: the shipped rules, people of the staff directory, who is nobody to decide."""

from functools import cache

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor
from config.loading import SHIPPED
from services.care_plan.rules import Rules, load_rules
from tests.support.deciding import LANE


@cache
def rules() -> Rules:
    return load_rules(SHIPPED)


def staff(login: str) -> Actor:
    member = rules().staff.by_login[login]
    return Actor("user", member.id, member.roles[0])


def some_id(name: str) -> str:
    return derive(ROOT, name)


PHYSICIAN, PROCEDURALIST, NURSE = staff("paul.okafor"), staff("maya.stein"), staff("nora.quinn")
PSYCHOLOGIST, OTHER_PSYCHOLOGIST = staff("priya.nair"), staff("leo.marsh")
PHYSIOTHERAPIST, PHARMACIST = staff("fay.dunn"), staff("rosa.vidal")
COORDINATOR, CLERK, MANAGER = staff("cora.lind"), staff("ines.park"), staff("mina.cho")
OPERATOR = staff("olga.kern")
PATIENT, REFERRER = Actor("patient", LANE), Actor("referrer", some_id("a practice"))

OUTSIDERS = (SYSTEM, PATIENT, REFERRER, OPERATOR, Actor("user"))
"""None of them decides about care: software, the patient, the referrer, operations, a token without a name."""
