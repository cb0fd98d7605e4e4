"""Who works at the clinic, and tokens for them."""

from cli.composition import config_dir
from cli.issuer import Issuer
from config.loading import load
from config.rules import Values
from config.staff import StaffDirectory, StaffMember


class People(Values):
    """The one file of the configuration that is needed here."""

    staff: StaffDirectory


def members() -> tuple[StaffMember, ...]:
    """The staff directory."""
    return load(config_dir(), People).staff.members


def token_of(issuer: Issuer, member: StaffMember) -> str:
    """A development token with the roles and disciplines of the directory."""
    return issuer.token(member.id, roles=member.roles, disciplines=member.disciplines, name=member.name)
