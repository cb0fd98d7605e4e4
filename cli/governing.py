"""The rules that the services decide by, and their approval by a medical director (PRV-33)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import typer

from cli.operating import chosen
from cli.standing import answered, end, operations
from config import ConfigurationError
from config.approval import APPROVER, FILE, Approval, checksum, written
from config.loading import load, read_files
from config.rules import Values
from config.staff import StaffDirectory

Document = Mapping[str, Any]


class People(Values):
    staff: StaffDirectory


def show(service: str | None, whole: bool) -> None:
    """What the running services decide by."""
    with operations() as client:
        for _, url in chosen(service):
            for line in lines(answered(client.get(f"{url}/rules")), whole):
                typer.echo(line)


def lines(told: Document, whole: bool) -> Iterator[str]:
    """A service's rules; `whole`: with their values and readers."""
    yield f"{told['service']}, {told['day']}"
    for each in told["rule_sets"]:
        said = each["objection"] or f"approved by {each['approved_by']} on {each['approved_on']}"
        yield f"  {each['file']} version {each['version']} {each['checksum'][:12]}: {said}"
    for rule in told["rules"]:
        if rule["applies"] or whole:
            yield f"  {rule['rule']:<28} {', '.join(marks(rule))}"
        if whole:
            yield f"    {rule['values']}"
            yield f"    read by {', '.join(rule['read_by']) or 'other services'}"


def marks(rule: Document) -> Iterable[str]:
    """Where it comes from, since when it applies, and what nobody has verified."""
    yield "".join(rule["evidence"]) + " " + rule["jurisdiction"]
    yield f"from {rule['effective_from']}"
    if rule["override_role"]:
        yield f"override: {rule['override_role']}"
    if rule["last_used"]:
        yield f"last used {rule['last_used']['at']}"
    if rule["unverified"] == ["*"]:
        yield "UNVERIFIED"
    elif rule["unverified"]:
        yield f"UNVERIFIED: {', '.join(rule['unverified'])}"


def approve(login: str, folder: Path, today: date) -> None:
    """Write `approval.toml`: this medical director stands for what the files state now."""
    member = staff(folder).by_login.get(login)
    if member is None or APPROVER not in member.roles:
        raise end(
            f"{login} is no medical director of {folder / 'staff.toml'}: only one may approve the rules."
        )
    read, problems = read_files(
        folder, sorted(file.stem for file in folder.glob("*.toml") if file.name != FILE)
    )
    if problems:
        raise end("; ".join(problems))
    checksums = {name: checksum(stated) for name, stated in read.items() if "rule_set" in stated}
    approval = Approval(approved_by=login, approved_on=today, checksums=checksums)
    (folder / FILE).write_text(written(approval), "utf-8")
    typer.echo(
        f"{member.name} approved {len(checksums)} files of rules on {today}: {folder / FILE}. Restart the services."
    )


def staff(folder: Path) -> StaffDirectory:
    try:
        return load(folder, People).staff
    except ConfigurationError as error:
        raise end(str(error)) from None
