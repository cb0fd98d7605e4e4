"""A telephone number has one form, however it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.phones import e164, known_region, typed_forms


@pytest.mark.parametrize(
    ("said", "region", "number"),
    [
        ("(212) 555-0142", "US", "+12125550142"),
        ("212.555.0142", "US", "+12125550142"),
        ("1 212 555 0142", "US", "+12125550142"),
        ("+1 212 555 0142", "GB", "+12125550142"),
        ("07700 900123", "GB", "+447700900123"),
        ("0044 7700 900123", "US", "+447700900123"),
        ("0031 20 123 4567", "GB", "+31201234567"),
        ("0031 20 123 4567", "US", "+31201234567"),
        ("011 44 7700 900123", "US", "+447700900123"),
    ],
)
def test_a_number_is_read_as_people_of_the_region_write_it(said, region, number):
    assert e164(said, region) == number


@pytest.mark.parametrize(
    "said",
    [
        *(None, "", " ", "+", "unknown", "ext. 12", "12", "911", "555-0142", "+1 555-0142", "000-000-0000"),
        *("07700 900123", "(212) 555-0142 ext. 12", "see notes", "00", "0000", "9" * 40),
    ],
)
def test_what_is_no_number_in_the_region_is_none(said):
    assert e164(said, "US") is None


@given(st.text(max_size=40), st.sampled_from(("US", "GB", "DE", "NL", "IT")))
def test_whatever_is_said_is_one_number_or_none(said, region):
    number = e164(said, region)
    assert number is None or (number[0] == "+" and number[1:].isdecimal() and e164(number, "US") == number)


@given(st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True), st.sampled_from((" ", "-", ".", "")))
def test_one_number_has_one_form_however_it_was_typed(digits, mark):
    typed = mark.join((digits[:3], digits[3:6], digits[6:]))
    forms = {e164(f"{prefix}{typed}", "US") for prefix in ("", "+1", "1", "001", "tel:")}
    assert forms == {f"+1{digits}"}
    assert {digits, f"1{digits}"} <= set(typed_forms(f"+1{digits}"))


def test_a_region_is_a_country():
    assert known_region("GB") == "GB"
    with pytest.raises(ValueError, match="two letters"):
        known_region("UK")
