"""The one coded fact that a row shows beside its title: a code, never prose, whatever the opening fact says."""

import re
from typing import Any

import pytest
from pydantic import TypeAdapter

from backbone.ids import ROOT, derive
from schemas.code_list import CAPITALS, RULE, WORDS, WORDS_OR_RULE
from schemas.documents import inlined
from schemas.fact import AnyCode
from schemas.scheduling.v1.gate import GateFailed
from services.worklist.catalogue.decide.row import Detail, Row, itself
from services.worklist.catalogue.decide.table import CATALOGUE
from tests.support import referral_facts as facts
from tests.support.desk import Desk

SHOWN = [(row, code) for row in CATALOGUE for code in (row.detail, row.about) if code]
FORM = re.compile(TypeAdapter(AnyCode).json_schema()["pattern"])
FORMS = {f"^{form}$" for form in (WORDS, CAPITALS, RULE, WORDS_OR_RULE)}


def leaves(schema: Any) -> list[Any]:
    """What its values may be, a list's one by one."""
    if "anyOf" in schema:
        return [leaf for each in schema["anyOf"] for leaf in leaves(each)]
    if schema.get("type") == "array":
        return leaves(schema["items"])
    return [] if schema.get("type") == "null" else [schema]


def prose(schema: Any) -> bool:
    codes = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if codes is not None:
        return not all(FORM.fullmatch(code) for code in codes)
    return schema.get("pattern") not in FORMS


@pytest.mark.parametrize(
    ("row", "shown"), SHOWN, ids=[f"{row.item} {row.opens.wire_type} {code.field}" for row, code in SHOWN]
)
def test_a_detail_is_a_code_whatever_the_fact_says(row: Row[Any], shown: Detail) -> None:
    assert row.each is itself
    found = leaves(inlined(row.opens)["properties"][shown.field])
    assert found and not [schema for schema in found if prose(schema)]


def test_a_planted_field_of_prose_is_found() -> None:
    assert prose({"type": "string", "pattern": "^.{1,200}$"}) and prose({"enum": ["two words"]})


def test_of_several_codes_none_is_shown() -> None:
    missing = Detail("missing")
    assert missing.of(facts.found_incomplete(missing=("onset",))) == "onset"
    assert missing.of(facts.found_incomplete(missing=("onset", "function"))) is None


async def test_a_row_carries_the_code_of_the_fact_that_opened_it() -> None:
    desk = Desk("2027-01-04 09:00")
    await desk.tell(facts.triage_suggested("cat_1"), facts.red_flag_raised())
    [triage] = desk.queue("nursing").values()
    [flag] = desk.queue("psychology").values()
    assert (triage["detail"], flag["detail"]) == ("cat_1", "suicide_mental_health")
    await desk.tell(facts.triage_suggested("cat_2"))
    [triage] = desk.queue("nursing").values()
    assert triage["detail"] == "cat_2"


async def test_a_check_that_failed_on_the_day_says_which_it_is() -> None:
    desk = Desk("2027-01-04 09:00")
    gate, procedure = derive(ROOT, "gate"), derive(ROOT, "procedure")
    failed = GateFailed(gate_id=gate, procedure_id=procedure, kind="infection", check_class="day_of")
    await desk.tell(failed)
    [row] = desk.queue("nursing").values()
    assert (row["item_type"], row["detail"]) == ("DAY_GATE", "infection")


async def test_two_bookings_of_one_patient_are_told_apart_by_discipline() -> None:
    desk = Desk("2027-01-04 09:00")
    first, second = (derive(ROOT, f"booking {number}") for number in (1, 2))
    await desk.tell(
        facts.booking_requested(request=first),
        facts.booking_requested(request=second, discipline="psychology"),
    )
    rows = desk.queue("coordination").values()
    assert {row["subject_id"]: row["about"] for row in rows} == {first: "medical", second: "psychology"}
