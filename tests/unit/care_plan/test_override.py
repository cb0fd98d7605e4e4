"""An override: a rule asks the role that it names, and what is refused stays blocked until that role says otherwise."""

import pytest

from schemas.care_plan.v1.override import OverrideLapsed, OverrideRecorded, OverrideRequested
from services.care_plan.override.aggregate import OVERRIDE, DecideOverride, LapseOverride, RequestOverride
from services.care_plan.override.states import Decided, Lapsed
from tests.support.deciding import TARGET, deciding, like, nothing, refused, ruled
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, PHYSICIAN, rules, some_id

given = deciding(OVERRIDE, rules())
SUBJECT = some_id("a procedure")
ASKED = RequestOverride(rule="PRC-01", subject_id=SUBJECT, coverage_risk="limit")
GRANT = DecideOverride(granted=True, reason="clinical_need")
REFUSE = DecideOverride(granted=False, reason="not_justified")


def test_a_rule_asks_the_role_that_it_names() -> None:
    asked = like(OverrideRequested, override_id=TARGET, rule="PRC-01", role="physician", subject_id=SUBJECT)
    given().when(ASKED).then(ruled(asked, "PRC-01"))
    given(ASKED).when(ASKED).then(nothing())


def test_a_rule_that_names_no_role_is_not_departed_from() -> None:
    with pytest.raises(LookupError, match="MDT-02"):
        given().when(RequestOverride(rule="MDT-02", subject_id=SUBJECT))


def test_only_that_role_decides_and_its_name_is_on_record() -> None:
    for person in (*OUTSIDERS, NURSE, COORDINATOR):
        given(ASKED).when(person, GRANT).then(refused("only a physician"))
    recorded = like(OverrideRecorded, granted=True, reason="clinical_need", decided_by=PHYSICIAN.id)
    given(ASKED).when(PHYSICIAN, GRANT).then(recorded)


def test_what_was_refused_may_be_granted_later_and_both_are_on_record() -> None:
    found = given(ASKED).when(PHYSICIAN, REFUSE, REFUSE, GRANT)
    assert [each.granted for each in found.only_facts if isinstance(each, OverrideRecorded)] == [False, True]
    assert found.state.granted


@pytest.mark.parametrize(
    ("granted", "reason"), [(True, "not_justified"), (True, "alternative_chosen"), (False, "clinical_need")]
)
def test_a_reason_fits_what_was_decided(granted: bool, reason: str) -> None:
    given(ASKED).when(PHYSICIAN, DecideOverride(granted=granted, reason=reason)).then(
        refused("`reason`", code="not-a-reason")
    )


def test_a_question_that_is_gone_is_nobodys_work_but_what_was_granted_stays() -> None:
    for steps in ((ASKED,), (ASKED, PHYSICIAN, REFUSE)):
        given(*steps).when(LapseOverride()).then(OverrideLapsed).then_state(Lapsed)
    given(ASKED, PHYSICIAN, GRANT).when(LapseOverride()).then(nothing()).then_state(Decided)
    given(ASKED, LapseOverride()).when(PHYSICIAN, GRANT).then(refused("not possible"))
