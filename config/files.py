"""What every service reads: the files of the clinic, and what must fit between them."""

from functools import cached_property
from typing import Self

from pydantic import model_validator

from config.access import AccessRights
from config.calendar import BusinessCalendar
from config.clinic import Clinic
from config.red_flags import RedFlags
from config.rules import Rule, Values
from config.staff import StaffDirectory
from config.urgency import Scheme, UrgencySchemes


class ClinicFiles(Values):
    """A service adds a field for each file of its own, and loads them all with `config.loading.load`."""

    clinic: Clinic
    calendar: BusinessCalendar
    staff: StaffDirectory
    urgency: UrgencySchemes
    red_flags: RedFlags
    access: AccessRights

    @cached_property
    def scheme(self) -> Rule[Scheme]:
        """The urgency scheme that the clinic follows."""
        return self.urgency.schemes[self.clinic.urgency_scheme]

    @model_validator(mode="after")
    def the_scheme_exists(self) -> Self:
        if self.clinic.urgency_scheme not in self.urgency.schemes:
            known = ", ".join(sorted(self.urgency.schemes))
            raise ValueError(
                f"clinic.toml: urgency_scheme: urgency.toml has no {self.clinic.urgency_scheme}, only {known}"
            )
        return self

    @model_validator(mode="after")
    def staff_work_where_the_clinic_is(self) -> Self:
        places = {location.code for location in self.clinic.locations}
        lost = sorted(
            member.login for member in self.staff.members if not places.issuperset(member.locations)
        )
        if lost:
            raise ValueError(f"staff.toml: members: unknown locations of {', '.join(lost)}")
        return self
