"""A telephone number in its one form, E.164: whatever people type, in the region where the clinic is."""

from collections.abc import Iterable
from functools import lru_cache

import phonenumbers as library
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult

ABROAD = "00"
"""What most of the world dials before a country's code; in no region does a subscriber's number begin with it."""


def e164(said: str | None, region: str) -> str | None:
    """`(212) 555-0142` in the US is `+12125550142`. None for what is no number of one telephone.

    A number counts that may exist: whether it does, the library can't know of numbers given out since it was released.
    """
    number = read(said.strip(), region) if said else None
    return library.format_number(number, PhoneNumberFormat.E164) if number else None


@lru_cache(maxsize=4096)
def read(said: str, region: str) -> PhoneNumber | None:
    """With an extension it is a switchboard's, which can't be texted."""
    try:
        number = library.parse(said, region)
    except library.NumberParseException:
        return None
    fits = library.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if fits and number.national_number and not number.extension:
        return number
    return read(f"+{said.removeprefix(ABROAD)}", region) if said.startswith(ABROAD) else None


def typed_forms(number: str) -> Iterable[str]:
    """How a number in E.164 may have been typed in its own country, and in full: digits only."""
    parsed = library.parse(number)
    for form in (PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL):
        yield "".join(filter(str.isdigit, library.format_number(parsed, form)))
    yield library.national_significant_number(parsed)


def known_region(region: str) -> str:
    """Raises ValueError."""
    if region not in library.SUPPORTED_REGIONS:
        raise ValueError("should be a country's two letters, as US or GB")
    return region
