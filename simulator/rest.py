"""When is nothing in flight anywhere? Whom to ask, and what the answers come to. No I/O.

Processes feed each other over the log, and each is asked at a time of its own. A process answers when it has nothing
left to do, and says what it has sent: of each partition the offset behind its last record. It is asked again until it
has handled all of that in what it reads. When nobody is left to ask, nothing is on its way and nobody is at work:

Suppose somebody begins to work after their last answer, and take the first who does. A record made them, which they
had not handled when they answered. If it was sent before its sender's last answer, that answer named it, and they
would have been asked again. If it was sent later, its sender had begun to work before them, and was not the first.

(Mattern's vector counters: kept for each channel, one round is enough; sums over all channels would need two.)
This holds while nothing comes from outside and the clock stands still. So who gets a command, or a record from outside,
is asked again; and who begins a new term may have sent what no answer named, so that everybody is asked once to the
end of what they read, by the broker's account.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

Place = tuple[str, int]
"""Topic and partition."""
Kind = tuple[str, int, str]
"""Topic, partition, and the type of a record."""


class Question(NamedTuple):
    """`handled`: answer when all below these offsets is. `ends`: and all that the broker has now."""

    handled: Mapping[Place, int]
    ends: bool
    commands: int
    terms: int


class Answer(NamedTuple):
    """As one process gives it. `reads`: types of records, and topics of which it reads all."""

    term: str
    reads: Collection[str]
    sent: Mapping[Kind, int]
    next_due: datetime | None


@dataclass
class Process:
    """`owed`: records for it that no answer of its covers. `commands` and `terms`: how many there were when it was
    asked last."""

    term: str | None = None
    reads: Collection[str] = ()
    owed: dict[Place, int] = field(default_factory=dict)
    next_due: datetime | None = None
    commanded: int = 1
    commands: int = 0
    terms: int = 0


class Rest:
    """What is known of all processes."""

    def __init__(self, names: Iterable[str]) -> None:
        self.sent: dict[Place, int] = {}
        """By anybody."""
        self._known: dict[Kind, int] = {}
        self._processes = {name: Process() for name in names}
        self._terms = 0

    def commanded(self, *names: str) -> None:
        """These, or all, were told something by somebody who is none of the processes."""
        for name in names or self._processes:
            self._processes[name].commanded += 1

    def told(self, sent: Mapping[Kind, int]) -> None:
        """Records stand in the log. One that a process does not read leads to nothing there, whenever it is handled."""
        for (topic, partition, wire_type), offset in sent.items() - self._known.items():
            place = topic, partition
            self._known[topic, partition, wire_type] = offset
            self.sent[place] = max(offset, self.sent.get(place, 0))
            for process in self._processes.values():
                if wire_type in process.reads or topic in process.reads:
                    process.owed[place] = max(offset, process.owed.get(place, 0))

    def doubted(self) -> None:
        """Everybody is asked to the end of what they read."""
        self._terms += 1

    def questions(self) -> Mapping[str, Question]:
        """Whom to ask now, and what. Nobody: nothing is in flight."""
        return {
            name: Question(dict(each.owed), each.terms < self._terms, each.commanded, self._terms)
            for name, each in self._processes.items()
            if each.owed or each.commands < each.commanded or each.terms < self._terms
        }

    def answered(self, name: str, question: Question, answer: Answer) -> None:
        """In any order."""
        process = self._processes[name]
        if answer.term != process.term:
            self.doubted()
            process.term, process.reads = answer.term, frozenset(answer.reads)
        process.next_due = answer.next_due
        process.commands, process.terms = question.commands, question.terms
        for place, offset in question.handled.items():
            if process.owed.get(place, 0) <= offset:
                process.owed.pop(place, None)
        self.told(answer.sent)

    @property
    def next_due(self) -> datetime | None:
        """The least due time of all timers, when nothing is in flight."""
        return min((each.next_due for each in self._processes.values() if each.next_due), default=None)

    def moved(self, now: datetime) -> None:
        """The clock stands there: who has timers that are due begins to work."""
        for process in self._processes.values():
            process.commanded += bool(process.next_due and process.next_due <= now)
