"""The clinic itself: who it is, where it is, which schemes it follows, whom to call in an emergency."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from config.phones import e164, known_region
from config.rules import RuleSet, Values
from schemas.fact import Slug

Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{1,18}$")]


class Location(Values):
    code: Slug
    name: str


class EmergencyContacts(Values):
    """Numbers of this place (PRV-36). There is no default: a service doesn't start without them."""

    emergency: Phone
    crisis: Phone


class Clinic(Values):
    """One clinic per deployment."""

    rule_set: RuleSet
    name: str
    region: Annotated[str, AfterValidator(known_region)]
    """The country in which a telephone number without a country's code is read."""
    urgency_scheme: str
    locations: tuple[Location, ...] = Field(min_length=1)
    emergency_contacts: EmergencyContacts

    def e164(self, said: str | None) -> str | None:
        """A telephone number in its one form; None for what is none."""
        return e164(said, self.region)
