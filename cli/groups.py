"""`huddle`: the commands of two words, by their first."""

from pathlib import Path
from typing import Annotated

import typer

from cli import auditing, keeping, operating, recovering
from cli.standing import end

dead_letters = typer.Typer(
    no_args_is_help=True, help="Records that could not be handled, and what waits behind them."
)
positions = typer.Typer(
    help="Where the services read on in Kafka, and where that is another log than they knew."
)
audit = typer.Typer(no_args_is_help=True, help="Who read what of patients: is every record as it was made?")
keys = typer.Typer(
    no_args_is_help=True, help="Patients' keys: what is kept of somebody can be read with theirs only."
)

GROUPS = {"dead-letters": dead_letters, "positions": positions, "audit": audit, "keys": keys}

Service = Annotated[str | None, typer.Option(help="Only this service")]


@positions.callback(invoke_without_command=True)
def show_positions(context: typer.Context, service: Service = None) -> None:
    """Partitions that are not read, and why."""
    if context.invoked_subcommand is None:
        recovering.show_positions(service)


@positions.command()
def reset(service: Service = None) -> None:
    """Let those begin with the first record that the log has. What was handled before is not handled again."""
    recovering.reset_positions(service)


@audit.command("heads")
def audit_heads(since: Annotated[str, typer.Option(help="The first day, YYYY-MM-DD")] = "") -> None:
    """The end of each day's chain of each service. Keep them where no administrator of the databases comes."""
    auditing.show_heads(since)


@audit.command("verify")
def audit_verify(
    heads: Annotated[Path | None, typer.Option(help="The ends as `huddle audit heads` told them")] = None,
) -> None:
    """Which day of which service has records that are changed, missing or added, and where."""
    auditing.show_verified(heads)


@keys.command("make")
def make_keys(
    to: Annotated[list[str] | None, typer.Option(help="A role that runs a service; once for each")] = None,
) -> None:
    """Make the table of keys at HUDDLE_KEYS_URL, as its owner."""
    keeping.make(to or [])


@keys.command("rotate")
def rotate_master_key() -> None:
    """Wrap every key again, with the first of HUDDLE_MASTER_KEYS. The services may run, with both."""
    keeping.rotate()


@keys.command("seal")
def seal_rows(service: Service = None) -> None:
    """Seal what the databases hold from before there were keys."""
    keeping.seal(service)


@keys.command("destroy-again")
def destroy_keys_again() -> None:
    """After the table of keys was restored from a copy: destroy the keys of all who were erased since."""
    keeping.destroy_again()


@dead_letters.command("list")
def list_dead_letters(service: Service = None) -> None:
    """Parked keys, oldest first."""
    operating.list_keys(service)


@dead_letters.command("show")
def show_dead_letters(key: str, service: Service = None) -> None:
    """Where the key's records stand and why they wait; never their content."""
    operating.show_key(key, service)


@dead_letters.command()
def retry(
    key: Annotated[str | None, typer.Argument()] = None,
    service: Service = None,
    reason: Annotated[str | None, typer.Option(help="Instead of a key: all that are parked for it")] = None,
) -> None:
    """Handle the key's records in order, until one fails or none is left; or those of every key of one reason."""
    if (key is None) is (reason is None):
        raise end("Name a key, or a --reason.")
    if key is not None:
        operating.retry_key(key, service)
    else:
        operating.retry_reason(str(reason), service)


@dead_letters.command()
def skip(
    key: Annotated[str | None, typer.Argument()] = None,
    service: Service = None,
    reason: Annotated[str | None, typer.Option(help="Instead of a key: all that are parked for it")] = None,
) -> None:
    """Drop the first waiting record of the key for good, or that of every key of one reason, and go on with what waits
    behind those. The journal keeps who did."""
    if (key is None) is (reason is None):
        raise end("Name a key, or a --reason.")
    if key is not None:
        operating.skip_key(key, service)
    else:
        operating.skip_reason(str(reason), service)
