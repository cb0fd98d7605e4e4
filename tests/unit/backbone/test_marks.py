"""What nobody has verified is marked, and what is verified is not: by the rules that facts name."""

from typing import Any

import msgspec

from backbone.engine.marks import marks
from backbone.model.snapshot import Unverified
from backbone.store.rows import RuledFact

UNVERIFIED = {"referral.drug_classes@1": ("*",), "REF-02@1": ("fracture", "vascular")}


def fact(wire_type: str, rules: str, **said: Any) -> RuledFact:
    return RuledFact("box", "a", wire_type, rules, msgspec.json.encode(said))


def found(*facts: RuledFact) -> tuple[Unverified, ...]:
    return marks(UNVERIFIED, facts).get(("box", "a"), ())


def test_a_result_of_an_unverified_rule_is_marked() -> None:
    assert found(fact("suggested", "REF-04@1,referral.drug_classes@1")) == (
        Unverified("referral.drug_classes@1"),
    )


def test_a_result_of_verified_rules_is_not() -> None:
    assert found(fact("suggested", "REF-04@1,REF-05@1")) == ()


def test_of_a_rule_with_unverified_rows_only_these_are_marked() -> None:
    assert found(fact("raised", "REF-02@1", flag="infection")) == ()
    assert found(
        fact("raised", "REF-02@1", flag="infection"), fact("raised", "REF-02@1", flag="fracture")
    ) == (Unverified("REF-02@1", "fracture"),)


def test_a_later_result_of_a_verified_version_takes_the_mark_away() -> None:
    first, second = fact("suggested", "referral.drug_classes@1"), fact("suggested", "referral.drug_classes@2")
    assert found(first, second) == ()
    assert found(second, first) == (Unverified("referral.drug_classes@1"),)


def test_what_shares_the_id_and_is_of_another_kind_is_not_marked() -> None:
    of_another = fact("suggested", "referral.drug_classes@1")._replace(aggregate_kind="lid")
    assert found(of_another) == ()
