"""The text that the patient reads is signed anew where it was wrong."""

from msgspec.structs import replace

from schemas.care_plan.v1.antithrombotic import AntithromboticPlanSigned
from tests.support.deciding import nothing, refused
from tests.unit.care_plan.holds import agreed, at, only_signed, sign, signed
from tests.unit.care_plan.situations import NURSE, PROCEDURALIST


def test_another_text_is_signed_anew_in_the_place_of_the_older_one_and_the_same_is_nothing() -> None:
    signed_once = signed()
    signed_once.when(sign()).then(nothing())
    better = replace(sign(), text="Take the last one on Friday at ten.")
    again = signed(PROCEDURALIST, better)
    [fact] = [
        each for each in signed_once.when(better).only_facts if isinstance(each, AntithromboticPlanSigned)
    ]
    assert fact.corrects is True
    again.when(better).then(nothing())
    [back] = only_signed(again.when(sign()))
    assert back.corrects is True, "what was signed first is not what holds"
    assert [each.corrects for each in only_signed(agreed().when(PROCEDURALIST, sign()))] == [None]


def test_a_text_is_corrected_by_a_proceduralist_for_the_same_date_and_says_so_where_the_drug_is_stopped() -> (
    None
):
    better = replace(sign(), text="Take the last one on Friday at ten.")
    signed().when(NURSE, better).then(refused("a proceduralist"))
    signed().when(replace(better, appointment_version=2)).then(refused("a signature is for that alone"))
    late = signed(at("2027-04-18 10:00"), PROCEDURALIST)
    late.when(better).then(refused("already_stopped"))
    assert only_signed(late.when(replace(better, already_stopped=True)))
