"""Who else hears of a referral: the practice that sent it, and the care team. Its id is the referral's."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table, like, updated
from schemas.codes import Discipline
from schemas.fact import Fact
from schemas.notifications.v1.codes import Template
from services.notifications.agenda.commands import Source
from services.notifications.circle.facts import CircleHeard, ProfessionalTold, ReferrerKnown, TeamKnown
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS, message_key


class Circle(State, tag="circle"):
    """`heard` as in the agenda."""

    referrer_id: str | None = None
    members: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()
    heard: Mapping[str, int] = {}


class Tell(Command, tag="tell", kw_only=True):
    """A fact that professionals hear of, not its author."""

    source: Source
    subject_id: str
    subject_version: int | None = None
    referrer_id: str | None = None
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    disciplines: tuple[Discipline, ...] = ()
    author: str | None = None
    says: tuple[Template, ...] = ()


def tell(state: Circle, command: Tell, given: Given[Rules]) -> Decision:
    if command.source.sequence <= state.heard.get(command.source.id, 0):
        return ()
    return [
        CircleHeard(source_id=command.source.id, sequence=command.source.sequence),
        *known(state, command),
        *(
            told(template, each, command, given)
            for template in command.says
            for each in recipients(template, state, command, given)
        ),
    ]


def known(state: Circle, command: Tell) -> Iterable[Fact]:
    if command.referrer_id and command.referrer_id != state.referrer_id:
        yield ReferrerKnown(organisation_id=command.referrer_id)
    members, disciplines = team(state, command)
    if (members, disciplines) != (state.members, state.disciplines):
        yield TeamKnown(members=members, disciplines=disciplines)


def team(state: Circle, command: Tell) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """As it is after the fact."""
    members = [each for each in (*state.members, *command.joined) if each not in command.left]
    return tuple(dict.fromkeys(members)), tuple(dict.fromkeys((*state.disciplines, *command.disciplines)))


def recipients(template: Template, state: Circle, command: Tell, given: Given[Rules]) -> Iterable[str]:
    """The referrer; or the care team and who is on duty in its disciplines, each once, but not the author."""
    if KINDS[template].audience == "ref":
        referrer = command.referrer_id or state.referrer_id
        return [referrer] if referrer else []
    members, disciplines = team(state, command)
    staff, calendar = given.rules.staff, given.rules.calendar
    on_duty = [each.id for post in disciplines for each in staff.on_duty(post, given.at, calendar)]
    wanted = dict.fromkeys((*members, *on_duty))
    return [each for each in wanted if each != command.author and each in staff.by_id]


def told(template: Template, recipient_id: str, command: Tell, given: Given[Rules]) -> ProfessionalTold:
    key = message_key(recipient_id, template, command.subject_id, command.subject_version, "once")
    about = {"message_id": key, "recipient_id": recipient_id, "template": template}
    return like(ProfessionalTold, command, **about, send_at=given.at)


def heard(state: Circle, fact: CircleHeard, head: Head) -> Circle:
    return replace(state, heard={**state.heard, fact.source_id: fact.sequence})


def referrer_known(state: Circle, fact: ReferrerKnown, head: Head) -> Circle:
    return replace(state, referrer_id=fact.organisation_id)


def team_known(state: Circle, fact: TeamKnown, head: Head) -> Circle:
    return updated(state, fact)


def professional_told(state: Circle, fact: ProfessionalTold, head: Head) -> Circle:
    return state


CIRCLE = Aggregate[Circle](
    "circle",
    Circle(),
    decide=Table(tell),
    evolve=Table(heard, referrer_known, team_known, professional_told),
)
