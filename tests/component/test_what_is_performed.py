"""What a run says of operations that no test performs, and of those that are said not to be and are."""

from tests.support.performed import NOT_YET, operations, wrong


def everywhere() -> set[str]:
    return {each for names in operations().values() for each in names}


def test_of_a_run_that_performs_all_nothing_is_said() -> None:
    assert list(wrong(everywhere(), ())) == []


def test_one_that_nobody_performs_is_named() -> None:
    [said] = wrong(everywhere() - {"referral triage"}, ())
    assert said.startswith("referral triage: no test")


def test_one_that_any_service_can_perform_needs_one_of_them() -> None:
    assert list(wrong(everywhere() - {"referral retry_parked_key"}, ())) == []


def test_one_that_is_performed_and_said_not_to_be_is_named() -> None:
    [said] = wrong(everywhere(), {"referral triage"})
    assert said.startswith("referral triage: it is performed")


def test_one_that_the_table_does_not_have_is_named() -> None:
    [said] = wrong(everywhere(), {"referral dance"})
    assert said.startswith("referral dance: the table")


def test_whatever_is_not_performed_yet_has_a_reason() -> None:
    assert all(NOT_YET.values())
