"""Software proposes, a person decides (PRV-26): what facts share that ask for a decision, and those that answer."""

from typing import Annotated, ClassVar, Literal

from schemas.fact import FEW, Fact, Id, Part

Outcome = Literal["taken", "declined", "other"]


class Proposal(Fact):
    """A rule asks a person for a decision. The envelope names the rule and its version, and what caused it."""

    inputs: Annotated[tuple[Id, ...] | None, FEW] = None
    """What the rule looked at besides what the fact names anyway, by id."""

    instead_of: ClassVar["ProposalType | None"] = None
    """Of a private step: the fact of which it is one more."""

    @property
    def made_by(self) -> str | None:
        """The id of the fact that proposed it, where this one only notes it."""
        return None

    @property
    def questions(self) -> tuple[str, ...]:
        """What tells proposals of one type about the same thing apart; of equal ones the latest counts. Without any,
        nothing is proposed."""
        return ("",)


ProposalType = type[Proposal]


class Answered(Part):
    """A proposal, by the id of its fact. `other`: neither what was proposed nor its opposite was decided."""

    proposal_id: Id
    outcome: Outcome


class Answer(Fact):
    """What a person decided; the fact itself says what, with which reason. The runtime adds to which open proposals of
    these types that is the answer."""

    answers_to: ClassVar[tuple[ProposalType, ...]]
    answered: Annotated[tuple[Answered, ...] | None, FEW] = None

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        """What became of a proposal. None: this is about another question."""
        return "taken"
