"""Whom of the staff an issuer means, where its tokens tell no roles: a file of values of a claim, and logins.

[staff]
"CgNub3JhEgVsb2NhbA" = "nora.quinn"
"""

from collections.abc import Mapping
from pathlib import Path

from config.errors import ConfigurationError
from config.loading import load, read_files
from config.rules import Values
from config.staff import StaffDirectory, StaffMember


class People(Values):
    """The one file of the configuration that is needed here."""

    staff: StaffDirectory


def load_staff(folder: Path) -> StaffDirectory:
    """Raises ConfigurationError."""
    return load(folder, People).staff


def load_subjects(folder: Path, file: Path) -> Mapping[str, StaffMember]:
    """Members by the value of the claim. Raises ConfigurationError: a login that nobody has is no one's right."""
    read, problems = read_files(file.parent, [file.stem])
    named = read.get(file.stem, {}).get("staff", {})
    members = load_staff(folder).by_login
    problems += [
        f"{file.name}: nobody has the login {login!r}" for login in named.values() if login not in members
    ]
    if not named:
        problems.append(f"{file.name}: names nobody under [staff]")
    if problems:
        raise ConfigurationError(tuple(problems))
    return {subject: members[login] for subject, login in named.items()}
