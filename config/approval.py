"""Who approved which rules, since when (PRV-33): `approval.toml` names a medical director of the staff directory and
the checksum of each file. It stands for what is stated, not for how it is written: comments may change."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from config.rules import Values
from config.staff import Role, StaffDirectory

FILE = "approval.toml"
APPROVER: Role = "medical_director"
HOW = (
    "A medical director reads them (`huddle rules`) and approves them: `huddle approve LOGIN` writes approval.toml "
    "into the folder of the configuration."
)


class Approval(Values):
    """`approval.toml`. `approved_by` is a login; checksums are by the name of the file."""

    approved_by: str
    approved_on: date
    checksums: Mapping[str, str]


class Edition(NamedTuple):
    """One file of rules as it stands: `approval` is the one that holds for it, else `objection` says why none does."""

    file: str
    version: int
    checksum: str
    approval: Approval | None
    objection: str | None = None

    def on(self, day: date) -> "Edition":
        """As it stands on the clinic's day: an approval of a day to come is none yet."""
        if self.approval is None or self.approval.approved_on <= day:
            return self
        who, begins = self.approval.approved_by, self.approval.approved_on
        return self._replace(approval=None, objection=f"{who} approves it from {begins} on, not yet")


def checksum(stated: Mapping[str, Any]) -> str:
    return sha256(json.dumps(stated, sort_keys=True, default=str).encode()).hexdigest()


def approval_in(folder: Path) -> Approval | None:
    """None where the folder has none. Raises ValueError when it can't be used."""
    file = folder / FILE
    return Approval.model_validate(tomllib.loads(file.read_text("utf-8"))) if file.exists() else None


def edition(
    name: str, version: int, stated: Mapping[str, Any], approval: Approval | None, staff: StaffDirectory
) -> Edition:
    """A file of rules, and whether the approval is about what stands there now."""
    found = checksum(stated)
    objection = objection_to(name, found, approval, staff)
    return Edition(f"{name}.toml", version, found, None if objection else approval, objection)


def objection_to(name: str, found: str, approval: Approval | None, staff: StaffDirectory) -> str | None:
    if approval is None or name not in approval.checksums:
        return "nobody has approved it"
    who, day = approval.approved_by, approval.approved_on
    member = staff.by_login.get(who)
    if member is None or APPROVER not in member.roles:
        return f"{who}, who approved it, is no medical director of staff.toml"
    return None if approval.checksums[name] == found else f"it was changed since {who} approved it on {day}"


def unapproved(editions: Iterable[Edition], day: date) -> str | None:
    """Which files nobody stands for on the day, why, and what to do, in a sentence; None where there are none."""
    open_ones = [
        f"{each.file}: {each.objection}" for each in (each.on(day) for each in editions) if each.objection
    ]
    return (
        f"The rules are not approved for clinical use ({'; '.join(open_ones)}). {HOW}" if open_ones else None
    )


def written(approval: Approval) -> str:
    """The text of `approval.toml`."""
    lines = [f'{name} = "{found}"' for name, found in sorted(approval.checksums.items())]
    head = [
        "# Who approved which rules. A value that changes voids the approval of its file (`huddle approve`).",
        "",
        f'approved_by = "{approval.approved_by}"',
        f"approved_on = {approval.approved_on}",
        "",
        "[checksums]",
    ]
    return "\n".join([*head, *lines, ""])
