"""What every service reads: the files of the clinic, and what must fit between them."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Self, get_args

from pydantic import model_validator

from config.access import AccessRights
from config.clinic import Clinic
from config.governed import GovernedFiles
from config.red_flags import RedFlags
from config.retention import Retention
from config.rules import Rule
from config.staff import Role, StaffDirectory
from config.urgency import Scheme, UrgencySchemes


class ClinicFiles(GovernedFiles):
    """A service adds a field for each file of its own, and loads them all with `config.loading.load`."""

    clinic: Clinic
    staff: StaffDirectory
    urgency: UrgencySchemes
    red_flags: RedFlags
    access: AccessRights
    retention: Retention

    def applying(self) -> Iterator[Rule[Any]]:
        """The rules of this day; of the urgency schemes the one that the clinic follows."""
        others = [scheme for scheme in self.urgency.schemes.values() if scheme is not self.scheme]
        yield from (each.rule for each in self.rules if each.rule not in others)

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
    def rules_are_overridden_by_roles_that_exist(self) -> Self:
        for file, place, rule in self.rules:
            if rule.override_role is not None and rule.override_role not in get_args(Role):
                raise ValueError(f"{file}: {place}: override_role: there is no role {rule.override_role}")
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
