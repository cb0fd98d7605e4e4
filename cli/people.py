"""Who works at the clinic, and tokens for them."""

from cli.composition import config_dir
from cli.issuer import LIFETIME_SECONDS, Issuer
from config.staff import StaffMember
from config.subjects import load_staff


def members() -> tuple[StaffMember, ...]:
    """The staff directory."""
    return load_staff(config_dir()).members


def token_of(issuer: Issuer, member: StaffMember, seconds: int = LIFETIME_SECONDS) -> str:
    """A development token with the roles and disciplines of the directory."""
    return issuer.token(
        member.id, roles=member.roles, disciplines=member.disciplines, name=member.name, seconds=seconds
    )
