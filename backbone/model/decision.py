"""What a decider may answer, and what it is given to decide with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar, dataclass_transform

import msgspec

from backbone.ids import derive, keyed_id
from backbone.model.head import NO_RIGHTS, Actor, Rights
from config.rules import Rule
from schemas.fact import Fact

R_co = TypeVar("R_co", covariant=True)

BY_RIGHT_MARK = "x-by-right"
BY_RIGHT = msgspec.Meta(extra_json_schema={BY_RIGHT_MARK: True})
"""Of a field of a state: left out for callers who may know of the thing and not read this."""


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True, frozen_default=True)
class StateMeta(msgspec.StructMeta):
    """Tells type checkers what every state inherits."""


@dataclass_transform(field_specifiers=(msgspec.field,), frozen_default=True)
class CommandMeta(msgspec.StructMeta):
    """Tells type checkers what every command inherits."""


ENGINES_OWN = "proposals"
"""Of a state: what the engine keeps in it, and nobody is shown."""


class OpenProposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question that software asked, by the fact that did and its type."""

    fact_id: str
    type: str
    question: str = ""


class State(
    msgspec.Struct, metaclass=StateMeta, frozen=True, kw_only=True, tag_field="status", omit_defaults=True
):
    """One shape of an aggregate. The tag is its status, as stored and shown."""

    proposals: tuple[OpenProposal, ...] = ()
    """What nobody has answered, as the engine keeps it (`proposals.py`)."""


class Command(msgspec.Struct, metaclass=CommandMeta, frozen=True, tag_field="command", omit_defaults=True):
    """An order to one aggregate. The tag is frozen: it is part of ids, timer rows and deferred rows."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not allowed. `instead` names the commands that are possible now; `code` is the stable problem type."""

    reason: str
    instead: tuple[str, ...] = ()
    code: str = "refused"


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Not yet: it may become possible when something else is known. `until` names it, by kind and id, where it is not
    the aggregate that was asked: decided again when that changes."""

    reason: str
    code: str = "too-early"
    until: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Names, narrative, documents, answers: immutable, kept beside the journal, named by `ref`, erasable.

    `about`: whose it is, where that is not whose the aggregate is.
    """

    ref: str
    kind: str
    body: bytes
    """JSON."""
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """A fact that rules helped to decide: the rules themselves, whose ids and versions it then carries (`REF-02@1`)."""

    fact: Fact
    rules: tuple[Rule[Any], ...]

    @property
    def named(self) -> tuple[str, ...]:
        return tuple(rule.named for rule in self.rules)


Step = Fact | Content | Ruled
Decision = Sequence[Step] | Refused | TooEarly


@dataclass(slots=True)
class Given(Generic[R_co]):
    """What a decider may know beside state and command. Everything in it is a value."""

    command_id: str
    target: str
    at: datetime
    actor: Actor
    rules: R_co
    rights: Rights = NO_RIGHTS
    lane_key: str | None = None
    pathway_id: str | None = None
    about: str | None = None
    """Lane and pathway (below) of the order: of what is born of it, whatever the aggregate itself belongs to."""
    about_pathway: str | None = None
    cause_id: str = ""
    number: int | None = None
    """A number of the aggregate kind's sequence; only at birth, only for numbered kinds."""
    version: int = 0
    others: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """States of the same service that the command names beside its target, by kind and id: kinds may share an id."""
    contents: Mapping[str, bytes] = field(default_factory=dict)
    secret: bytes = b""
    """The deployment's."""

    def known_to_us(self, name: str) -> str:
        """An id of something of the target that nobody outside can compute. The same on every retry."""
        return keyed_id(self.secret, name, self.target)

    def ref(self, name: str) -> str:
        """The id of something that this command makes: content, an entry, a flag. The same on every retry."""
        return derive(self.command_id, name)
