"""`huddle`: the commands. What they do stands in the modules beside this one."""

import asyncio
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from backbone.clock import WallClock
from cli import diagnosing, forgetting, governing, granting, groups, operating, recovering, stacking, watching
from cli.acl import KNOWN_AS
from cli.composition import USUAL, config_dir
from cli.groups import Service
from cli.issuer import Issuer
from cli.people import members, token_of
from cli.standing import brokers, end, stack_home
from schemas.topics import QUEUES

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Care co-ordination for pain clinics: the local stack, and what operations staff need.",
)
for name, group in groups.GROUPS.items():
    app.add_typer(group, name=name)


@app.command()
def up() -> None:
    """Start Kafka, PostgreSQL and the services, and leave them running."""
    stacking.up()


@app.command()
def down() -> None:
    """Stop the local stack."""
    stacking.down()


@app.command()
def status() -> None:
    """What runs, where it answers, and what waits."""
    stacking.status()


@app.command()
def logs(
    service: Annotated[str, typer.Argument(help="referral, worklist, board, kafka, postgres or keeper")],
    lines: int = 40,
) -> None:
    """The end of a log."""
    stacking.logs(service, lines)


@app.command()
def topics() -> None:
    """Every topic: its key, what it keeps, and what it is for."""
    stacking.topics()


@app.command()
def token(
    staff: Annotated[str | None, typer.Argument(help="Login or id of a member of staff")] = None,
    referrer: Annotated[str | None, typer.Option(help="Id of a referring organisation")] = None,
    patient: Annotated[str | None, typer.Option(help="Id of a patient")] = None,
) -> None:
    """A development token, valid for 12 hours."""
    if sum(given is not None for given in (staff, referrer, patient)) != 1:
        raise end("Name one: a member of staff, --referrer ORG, or --patient ID.")
    issuer = Issuer(stack_home() / "issuer")
    if staff is None:
        kind = "referrer" if referrer else "patient"
        typer.echo(issuer.token(str(referrer or patient), kind=kind))
        return
    member = next((one for one in members() if staff in (one.login, one.id)), None)
    if member is None:
        raise end(
            f"No {staff!r} in the staff directory. There are: {', '.join(one.login for one in members())}."
        )
    typer.echo(token_of(issuer, member))


@app.command()
def watch(queue: str) -> None:
    """A queue live in the terminal, read from its compacted topic alone."""
    if queue not in QUEUES:
        raise end(f"There is no queue {queue!r}. There are: {', '.join(QUEUES)}.")
    _until_interrupted(watching.watch(brokers(), queue))


@app.command()
def tail(
    service: Service = None,
    kind: Annotated[str | None, typer.Option("--type", help="Only types that contain this")] = None,
    patient: Annotated[str | None, typer.Option(help="Only this patient's id, or its beginning")] = None,
    beginning: Annotated[
        bool, typer.Option("--from-beginning", help="From the first event that the topics keep")
    ] = False,
) -> None:
    """Events as they pass: time, type, subject, actor."""
    chosen = watching.Filter(service, kind, patient)
    _until_interrupted(watching.tail(brokers(), chosen, beginning))


@app.command()
def rules(
    service: Service = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="With values, readers, and versions of other days")
    ] = False,
) -> None:
    """What the services decide by: source, approval, and what nobody has verified."""
    governing.show(service, whole)


@app.command()
def approve(
    login: Annotated[str, typer.Argument(help="Login of a medical director")],
    folder: Annotated[
        Path | None, typer.Option(help="The clinic's configuration; config/ by default")
    ] = None,
) -> None:
    """A medical director stands for the rules as they are now. A changed value voids it."""
    governing.approve(login, folder or config_dir(), WallClock().now().date())


@app.command()
def verify(
    across: Annotated[bool, typer.Option("--across", help="Has each handled what others told it?")] = False,
) -> None:
    """Fold every journal and compare it with the stored states. A difference is a bug."""
    if not (recovering.verify_across() if across else operating.verify()):
        raise typer.Exit(1)


@app.command()
def republish(service: Service = None) -> None:
    """Tell Kafka once more what was told, as far back as it keeps facts. Who has handled one drops it."""
    recovering.republish_told(service)


@app.command()
def backup(folder: Path) -> None:
    """All databases as they are at one moment, into a folder that is not there yet. The services may run."""
    recovering.make_backup(folder)


@app.command()
def restore(folder: Path, service: Service = None) -> None:
    """All databases, or one service's, as a backup has them. Stop the services first."""
    recovering.restore_backup(folder, service)


@app.command()
def reconcile(service: Service = None) -> None:
    """A database from before it told what Kafka has: read back which numbers are taken, and name what is not known."""
    recovering.reconcile_told(service)


@app.command()
def retention(
    apply: Annotated[
        bool, typer.Option("--apply", help="Delete them, a day at a time, as the owner")
    ] = False,
) -> None:
    """Records of reads that are older than config/retention.toml keeps them."""
    forgetting.show_overdue(apply=apply)


@app.command()
def acl(
    apply: Annotated[bool, typer.Option("--apply", help="Bring Kafka's access lists to this")] = False,
    give: Annotated[
        list[str] | None, typer.Option(help=f"ROLE=PRINCIPAL; a role is {', '.join(granting.SHORT_ROLES)}")
    ] = None,
    known_as: Annotated[str, typer.Option(help="How the brokers know a service")] = KNOWN_AS,
) -> None:
    """Who may do what in Kafka: one principal for each service, and those who are given a role."""
    granting.show(known_as, give or [], apply)


@app.command()
def secrets(
    folder: Path,
    board_url: Annotated[str, typer.Option(help="What browsers will open")] = USUAL.board_url,
    kafka_host: Annotated[str, typer.Option(help="How other systems call the broker")] = "localhost",
    also: Annotated[list[str] | None, typer.Option(help="Who else gets a certificate, as a sender")] = None,
    anew: Annotated[
        list[str] | None, typer.Option(help="Who gets another certificate, in the place of theirs")
    ] = None,
) -> None:
    """The folder of secrets for a deployment by compose: makes what is missing, and keeps what is there."""
    hosts = {"board": urlsplit(board_url).hostname or "localhost", "kafka": kafka_host}
    granting.fill_secrets(folder, hosts, also or [], anew or [])


@app.command()
def doctor(
    service: Service = None,
    as_json: Annotated[bool, typer.Option("--json", help="An object a line")] = False,
) -> None:
    """Would it run, and run well? Settings, database, brokers, certificates, clocks, dates: what to do about each."""
    diagnosing.doctor(service, as_json)


@app.command()
def demo(
    patients: Annotated[int, typer.Option(min=1, max=120)] = 110,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="Of simulated time")] = 14,
    home: Annotated[Path | None, typer.Option(help="Where the demo keeps its state")] = None,
) -> None:
    """A clinic of at least 100 patients, played through the public interfaces, live in the terminal."""
    from cli.demo import run  # where operations staff work, there is no simulator

    raise typer.Exit(run(patients, weeks, home))


def _until_interrupted(work: object) -> None:
    try:
        asyncio.run(work)  # type: ignore[arg-type]
    except KeyboardInterrupt:
        return


def main() -> None:
    """The entry point.

    A KeyboardInterrupt that comes while a class is made from text (a dataclass, a named tuple) marks the whole
    process in CPython: it ends by SIGINT and not with our code, handled or not. The next text takes the mark away.
    """
    try:
        app()
    finally:
        exec("")  # noqa: S102


if __name__ == "__main__":
    main()
